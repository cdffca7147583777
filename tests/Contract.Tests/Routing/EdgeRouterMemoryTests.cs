using Microsoft.AspNetCore.Http;

namespace Contract.Tests.Routing;

/// <summary>Alone in its process while it runs: it measures the whole process's memory.</summary>
[Collection(nameof(AloneCollection))]
public sealed class EdgeRouterMemoryTests
{
    private const long Big = 300L * 1024 * 1024;
    private const long Allowed = 60L * 1024 * 1024;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Big_upload_passes_in_constant_memory(bool isLengthKnown)
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(async context => await context.Response.WriteAsync($"{await DrainAsync(context.Request.Body)}"));
        using var request = new HttpRequestMessage(HttpMethod.Put, (Uri?)null);
        request.Content = new StreamContent(new EndlessZeros(Big), 64 * 1024);
        request.Content.Headers.ContentLength = isLengthKnown ? Big : null;
        request.Headers.TransferEncodingChunked = !isLengthKnown;

        await using var memory = new MemoryWatch();
        using var response = await edge.SendAsync(request);

        Assert.Equal($"{Big}", await response.Content.ReadAsStringAsync(Ct));
        Assert.InRange(memory.Growth, 0, Allowed);
    }

    [Fact]
    public async Task Big_download_to_a_slow_reader_passes_in_constant_memory()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(async context =>
        {
            context.Response.ContentLength = Big;
            await new EndlessZeros(Big).CopyToAsync(context.Response.Body, context.RequestAborted);
        });
        using var request = new HttpRequestMessage();

        await using var memory = new MemoryWatch();
        using var response = await edge.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync(Ct);

        // The app could have sent all by now, if anyone held it.
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Ct);
        Assert.Equal(Big, await DrainAsync(body));
        Assert.InRange(memory.Growth, 0, Allowed);
    }

    private static async Task<long> DrainAsync(Stream stream)
    {
        var buffer = new byte[64 * 1024];
        long total = 0;
        while (await stream.ReadAsync(buffer) is > 0 and var read)
        {
            total += read;
        }

        return total;
    }
}

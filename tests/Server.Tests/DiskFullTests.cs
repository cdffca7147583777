using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Slipway.Testing.Hosting;

namespace Server.Tests;

/// <summary>A home on a small disk of its own (a tmpfs), filled for real.</summary>
[Trait("needs", "root")]
public sealed class DiskFullTests : IAsyncLifetime
{
    private readonly string _disk = Directory.CreateTempSubdirectory("slipway-full-").FullName;
    private RunningApi? _api;

    private RunningApi Api => _api ?? throw new InvalidOperationException("not begun");

    private string Home => Path.Combine(_disk, "home");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true" || Environment.IsPrivilegedProcess, "Needs root to mount a disk.");
        await HostTool.RunAsync("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", _disk);
        Directory.CreateDirectory(Home);
        _api = new RunningApi(Home);
        await _api.InitializeAsync();
    }

    [Fact]
    public async Task An_upload_that_does_not_fit_is_told_so_and_leaves_nothing()
    {
        using var http = Api.Http();
        using var response = await http.PostAsync("/v1/uploads", new ByteArrayContent(new byte[20_000_000]));
        await IsDiskFullAsync(response);
        Assert.Empty(Directory.GetFiles(Path.Combine(Home, "uploads")));
    }

    [Fact]
    public async Task A_store_that_cannot_write_says_so_and_goes_on_when_there_is_room()
    {
        using var http = Api.Http();
        var filler = Path.Combine(_disk, "filler");
        await using (var file = File.Create(filler))
        {
            try
            {
                for (var block = new byte[4096]; ; await file.WriteAsync(block)) await file.FlushAsync();
            }
            catch (IOException)
            {
                // Full: that is the point.
            }
        }

        // Small writes still find a place in pages that are there; so many do not.
        HttpResponseMessage response;
        var count = 0;
        do response = await http.PostAsJsonAsync("/v1/deployments", new { gitUrl = $"https://example.org/ada/full{count}.git", environment = new Dictionary<string, string> { ["A"] = new string('x', 60_000) } });
        while (response.StatusCode == HttpStatusCode.Accepted && ++count < 500);
        await IsDiskFullAsync(response);

        File.Delete(filler);
        using var after = await http.PostAsJsonAsync("/v1/deployments", new { gitUrl = "https://example.org/ada/room.git" });
        Assert.Equal(HttpStatusCode.Accepted, after.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
        {
            await _api.DisposeAsync();
            // SQLite's pool keeps files open for a while.
            await HostTool.RunAsync("umount", "--lazy", _disk);
        }

        Directory.Delete(_disk, recursive: true);
    }

    private static async Task IsDiskFullAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.InsufficientStorage, response.StatusCode);
        Assert.Equal("disk.full", (await response.Content.ReadFromJsonAsync<JsonObject>())!["code"]!.GetValue<string>());
    }
}

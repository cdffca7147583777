using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Server.Tests;

/// <summary>Requests that no endpoint gets to see.</summary>
public sealed class UnreadableRequestTests : IAsyncLifetime
{
    private readonly RunningApi _api = new(Directory.CreateTempSubdirectory("slipway-unreadable-").FullName);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("{", null, "the body is not the JSON that is asked for")]
    [InlineData("", null, null)]
    [InlineData("""{ "host": 7 }""", "host", "the body's host is not of the type that is asked for")]
    public async Task A_body_that_cannot_be_read_is_told_with_its_field(string body, string? field, string? message)
    {
        using var http = _api.Http();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/v1/projects/shop/domains", content, Ct);
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Equal((HttpStatusCode.BadRequest, "request.unreadable", field), (answer.StatusCode, problem?["code"]?.GetValue<string>(), problem?["field"]?.GetValue<string>()));
        if (message is not null) Assert.Equal(message, problem?["detail"]?.GetValue<string>());
    }

    [Fact]
    public async Task A_word_where_a_number_is_asked_for_is_told_with_its_name()
    {
        using var http = _api.Http();
        using var answer = await http.GetAsync("/v1/deployments?limit=many", Ct);
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Equal((HttpStatusCode.BadRequest, "request.unreadable", "limit", "'many' is no value of limit"), (answer.StatusCode, problem?["code"]?.GetValue<string>(), problem?["field"]?.GetValue<string>(), problem?["detail"]?.GetValue<string>()));
    }
}

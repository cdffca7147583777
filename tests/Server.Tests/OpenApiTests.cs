using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Testing;

namespace Server.Tests;

public sealed class OpenApiTests(RunningApi api) : IClassFixture<RunningApi>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_public_API_is_what_it_was()
    {
        using var http = api.Http();
        var document = JsonNode.Parse(await http.GetStringAsync("/v1/openapi.json"))!.AsObject();
        document.Remove("servers");
        Golden.Match(document.ToJsonString(Indented), "docs/openapi.json");
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Testing;

namespace Slipway.Core.Tests.Planning;

public class ExamplePlanTests
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static TheoryData<string> Examples =>
        [.. Directory.GetDirectories(Path.Combine(Golden.Root, "examples")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Examples))]
    public void Plan_of_an_example_is_the_one_kept_beside_it(string example)
    {
        var folder = Path.Combine(Golden.Root, "examples", example);
        var root = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "expect.json")))?["root"]?.GetValue<string>();
        var plan = Planner.Plan(new FolderTree(folder), new() { RootDirectory = root });
        Assert.Null(plan.Failure);

        // The Dockerfile as lines, so that a change of it can be read in a diff.
        var data = JsonSerializer.SerializeToNode(plan.Value, Readable)!.AsObject();
        data["dockerfile"] = JsonSerializer.SerializeToNode(plan.Value.Dockerfile.TrimEnd('\n').Split('\n'), Readable);
        Golden.Match(data.ToJsonString(Readable), $"examples/{example}/plan.golden.json");
    }
}

using System.Text.Json;
using Slipway.Core;
using Slipway.Core.Hosting;

namespace Slipway.Host.Cgroups;

/// <summary>What the engine wrote down for runc before it started a step: whose the step is, and its words.</summary>
/// <param name="Build">Null: not one of ours.</param>
internal sealed record StepConfig(DeploymentId? Build, string? Command)
{
    /// <summary>Null when it can't be read.</summary>
    /// <param name="step">The folder's name, the same as the cgroup's.</param>
    public static StepConfig? Read(string dataRoot, string step)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(dataRoot, "buildkit", "executor", step, "config.json"));
            using var config = JsonDocument.Parse(file);
            var process = config.RootElement.GetProperty("process");
            return new(StepMark.In(Texts(process, "env")), Words([.. Texts(process, "args")]));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Of a shell's <c>-c words</c> the words, as the Dockerfile has them.</summary>
    private static string Words(string[] arguments) => arguments is [.., "-c", var words] ? words : string.Join(' ', arguments);

    private static IEnumerable<string> Texts(JsonElement process, string name) =>
        process.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(text => text.GetString() ?? "") : [];
}

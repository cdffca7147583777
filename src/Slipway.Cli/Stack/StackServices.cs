using System.Text.Json;
using Slipway.Cli.Machine;

namespace Slipway.Cli.Stack;

/// <summary>The stack's containers, as the engine sees them.</summary>
internal static class StackServices
{
    private const string Filter = """{"label":["com.docker.compose.project=slipway"]}""";

    public static async Task<IReadOnlyList<StackServiceState>> ListAsync(CancellationToken ct)
    {
        using var list = await EngineProbe.GetAsync($"/containers/json?all=true&filters={Uri.EscapeDataString(Filter)}", ct);
        var found = new List<StackServiceState>();
        foreach (var container in list.RootElement.EnumerateArray())
        {
            // One that was run for one work is no service.
            if (Text(container.GetProperty("Labels"), "com.docker.compose.oneoff").Equals("true", StringComparison.OrdinalIgnoreCase)) continue;
            if (container.GetProperty("Id").GetString() is not { } id || await InspectAsync(id, ct) is not { } state) continue;
            found.Add(state);
        }

        return [.. found.OrderBy(s => s.Service, StringComparer.Ordinal).ThenBy(s => s.Container, StringComparer.Ordinal)];
    }

    /// <summary>The folder of another home's stack on this engine: there is room for one, and compose would take its containers for ours.</summary>
    public static async Task<string?> OtherAsync(StackFolder own, CancellationToken ct)
    {
        using var list = await EngineProbe.GetAsync($"/containers/json?all=true&filters={Uri.EscapeDataString(Filter)}", ct);
        return list.RootElement.EnumerateArray().Select(container => Text(container.GetProperty("Labels"), "com.docker.compose.project.working_dir"))
            .FirstOrDefault(folder => folder.Length > 0 && folder != own.Root);
    }

    private static async Task<StackServiceState?> InspectAsync(string id, CancellationToken ct)
    {
        using var container = await EngineProbe.GetAsync($"/containers/{id}/json", ct);
        var (root, config, state) = (container.RootElement, container.RootElement.GetProperty("Config"), container.RootElement.GetProperty("State"));
        var health = state.TryGetProperty("Health", out var h) && h.TryGetProperty("Status", out var status) ? status.GetString() : "";
        return new StackServiceState(
            Text(config.GetProperty("Labels"), "com.docker.compose.service"), Text(root, "Name").TrimStart('/'), Text(state, "Status"), health ?? "", Text(config, "Image"), Text(config, "User"));
    }

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}

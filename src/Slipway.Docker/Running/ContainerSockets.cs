namespace Slipway.Docker.Running;

/// <summary>Looks into a container's network namespace by <c>/proc</c>, which needs no privilege and nothing inside the container.</summary>
internal static class ContainerSockets
{
    /// <summary>Null when it can't be seen: an engine elsewhere, <c>hidepid</c>, or the process just ended.</summary>
    public static async Task<ListeningSockets?> ReadAsync(string container, long pid, CancellationToken ct)
    {
        if (pid <= 0) return null;
        try
        {
            // The engine's process numbers may not be ours (it, or we, may be in a container): then it is some other process.
            var groups = await File.ReadAllTextAsync($"/proc/{pid}/cgroup", ct);
            if (!groups.Contains(container, StringComparison.Ordinal)) return null;

            return SocketTable.Parse(await TableAsync("tcp"), await TableAsync("tcp6"));
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        async Task<string[]> TableAsync(string name)
        {
            var path = $"/proc/{pid}/net/{name}";
            // A kernel without IPv6 has no tcp6.
            return name == "tcp6" && !File.Exists(path) ? [] : await File.ReadAllLinesAsync(path, ct);
        }
    }
}

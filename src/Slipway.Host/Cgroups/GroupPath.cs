using System.Text.RegularExpressions;

namespace Slipway.Host.Cgroups;

/// <summary>Which cgroups may be frozen and thawed: a container's own, named by its id, and nothing above it.</summary>
internal static partial class GroupPath
{
    public static bool IsContainer(string path) => path.Length < 500 && !path.Contains("..", StringComparison.Ordinal) && Pattern().IsMatch(path);

    // docker/3f…, system.slice/docker-3f….scope, my.slice/3f…
    [GeneratedRegex(@"\A([A-Za-z0-9_.@:\\-]+/)*([a-z]+-)?[0-9a-f]{64}(\.scope)?\z")]
    private static partial Regex Pattern();
}

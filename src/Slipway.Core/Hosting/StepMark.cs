using System.Text.RegularExpressions;

namespace Slipway.Core.Hosting;

/// <summary>
/// Tells whose a step is, from outside of it: a host name that does not exist, in the step's <c>NO_PROXY</c>. BuildKit passes the
/// proxy variables to each step and leaves them out of cache keys, layers and the image's history (tried on Engine 20.10), so the
/// mark costs nothing, and no other way leads from a step's cgroup to its build.
/// </summary>
public static partial class StepMark
{
    private const string Domain = ".build.slipway.invalid";

    private static readonly string[] Arguments = ["NO_PROXY", "FTP_PROXY"];

    public static string Of(DeploymentId build) => build.Value.ToString("N") + Domain;

    /// <summary>The build argument that carries it: one that the Dockerfile does not speak of, for a declared one would become part of the cache key.</summary>
    public static string ArgumentFor(string dockerfile) =>
        Arguments.FirstOrDefault(name => !dockerfile.Contains(name, StringComparison.OrdinalIgnoreCase)) ?? Arguments[0];

    /// <summary>Whose step has this environment (<c>NAME=value</c>); null: not one of ours. The last one counts, for the engine appends its own to the user's.</summary>
    public static DeploymentId? In(IEnumerable<string> environment) =>
        environment.Select(variable => Mark().Match(variable)).LastOrDefault(found => found.Success) is { } mark
            ? new DeploymentId(Guid.ParseExact(mark.Groups[1].ValueSpan, "N"))
            : null;

    [GeneratedRegex(@"\A(?:NO_PROXY|FTP_PROXY)=(?:.*,)?([0-9a-f]{32})\.build\.slipway\.invalid\z")]
    private static partial Regex Mark();
}

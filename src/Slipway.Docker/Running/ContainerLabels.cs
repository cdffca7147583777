using Slipway.Core;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Docker.Running;

/// <summary>
/// What a container says of itself. Set at create, where ours win over an image's labels of the same name; but a container that
/// somebody else starts from a hostile image can carry ours too, so a label alone adopts nothing: the name must fit as well.
/// </summary>
internal static class ContainerLabels
{
    public const string Home = "slipway.home";
    public const string Deployment = "slipway.deployment";
    public const string Project = "slipway.project";
    public const string Instance = "slipway.instance";
    public const string Port = "slipway.port";

    /// <summary>The volumes it was made with: <c>data=/data;=/cache</c>, by path; one without a name is its own.</summary>
    public const string Volumes = "slipway.volumes";

    /// <summary>On a volume: which of its project's it is.</summary>
    public const string Volume = "slipway.volume";

    public static Dictionary<string, string> Of(string home, InstanceSpec spec) => new()
    {
        [Home] = home,
        [Deployment] = spec.Deployment.ToString(),
        [Project] = spec.Project.ToString(),
        [Instance] = spec.Id.ToString(),
        [Port] = spec.Port.ToString(),
        // Also where there are none: an image's own label would stay else.
        [Volumes] = VolumesOf(spec),
    };

    public static string VolumesOf(InstanceSpec spec) => string.Join(';', spec.Volumes.OrderBy(v => v.Path, StringComparer.Ordinal).Select(v => $"{v.Name}={v.Path}"));

    /// <summary>Whether one of them has a name: it is its project's.</summary>
    public static bool HasNamed(string volumes) => volumes.Split(';').Any(v => v.Length > 0 && v[0] != '=');

    public static InstanceId? InstanceOf(IDictionary<string, string>? labels, string home) =>
        labels is not null && labels.TryGetValue(Home, out var owner) && owner == home &&
        labels.TryGetValue(Instance, out var text) && StrongId.TryParse<InstanceId>(text, out var id)
            ? id
            : null;
}

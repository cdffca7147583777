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

    public static Dictionary<string, string> Of(string home, InstanceSpec spec) => new()
    {
        [Home] = home,
        [Deployment] = spec.Deployment.ToString(),
        [Project] = spec.Project.ToString(),
        [Instance] = spec.Id.ToString(),
        [Port] = spec.Port.ToString(),
    };

    public static InstanceId? InstanceOf(IDictionary<string, string>? labels, string home) =>
        labels is not null && labels.TryGetValue(Home, out var owner) && owner == home &&
        labels.TryGetValue(Instance, out var text) && StrongId.TryParse<InstanceId>(text, out var id)
            ? id
            : null;
}

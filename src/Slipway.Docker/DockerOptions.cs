using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Docker;

/// <summary>How Slipway uses the Docker Engine of this machine.</summary>
public sealed class DockerOptions
{
    public const string Section = "Slipway:Docker";

    /// <summary>The engine's unix socket (<c>unix:///…</c>). Default: <c>DOCKER_HOST</c> when it names a unix socket, else <c>/var/run/docker.sock</c>.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Marks all that this home makes in the engine.</summary>
    [Required, RegularExpression("^[0-9a-f]{8,32}$", ErrorMessage = "HomeId must be 8 to 32 hex digits.")]
    public string HomeId { get; set; } = "";

    /// <summary>The registry's address, when images are kept in one: their names begin with it.</summary>
    public string Registry { get; set; } = "";

    /// <summary>Addresses of the serve network (<c>10.77.0.0/16</c>); null: the engine chooses.</summary>
    public string? ServeSubnet { get; set; }

    /// <summary>What an instance may use when nothing else is said for it.</summary>
    [Required]
    public InstanceLimits DefaultLimits { get; set; } = new();

    /// <summary>User and group of an app whose image names none, or root.</summary>
    [Required, RegularExpression(@"^[1-9]\d*:[1-9]\d*$", ErrorMessage = "RunAs must be two numbers, uid:gid, neither of them 0.")]
    public string RunAs { get; set; } = "10001:10001";

    /// <summary>Size at which an app's output starts a new file, in megabytes.</summary>
    [Range(1, 10_000)]
    public int LogFileMegabytes { get; set; } = 10;

    /// <summary>How many such files are kept.</summary>
    [Range(1, 100)]
    public int LogFiles { get; set; } = 3;

    /// <summary>Size of an app's <c>/tmp</c> in megabytes; it counts as the app's memory.</summary>
    [Range(1, 100_000)]
    public int TmpMegabytes { get; set; } = 256;

    /// <summary>Open files an app may have. Not set at all where the host's own limit is lower.</summary>
    [Range(64, 1_048_576)]
    public int OpenFiles { get; set; } = 16_384;

    /// <summary>Between SIGTERM and SIGKILL when somebody else stops a container (<c>docker stop</c>).</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Patience with the engine for one call.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class DockerOptionsValidator : IValidateOptions<DockerOptions>;

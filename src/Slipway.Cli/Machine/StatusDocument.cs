using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Machine;

/// <summary>What <c>status --json</c> prints: the server's own words where it answers, else what can be seen from outside.</summary>
/// <param name="Server">Null while it does not run.</param>
/// <param name="Error">Why the server's part is missing.</param>
internal sealed record StatusDocument(
    ServerStatus? Server, EngineStatus Engine, IReadOnlyList<RoleStatus> Roles, DiskStatus Disk, IReadOnlyDictionary<string, int> Deployments, string Home, ErrorBody? Error);

using Slipway.Core;
using Slipway.Core.Stack;
using Slipway.Host.Companion;

namespace Slipway.Server.Roles;

/// <summary>The companion within the stack's fence, which may write cgroups as it is: for the edge, which may have apps thawed, and for the control plane.</summary>
internal sealed class CompanionService(SlipwayHome home) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var companion = CompanionServer.Listen(home.CompanionSocket, StackUsers.Server);
        await companion.ServeAsync(stoppingToken);
    }
}

using Slipway.Core;
using Slipway.Core.Auditing;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Launching;
using Slipway.Core.Projects;
using Slipway.Server.Api.Auditing;

namespace Slipway.Server.Api.Production;

/// <summary>A move of the production pointer that somebody asked for, written down before it is made.</summary>
internal sealed class AuditedSwitch(ProductionSwitch production, AuditTrail audit)
{
    public async Task<Outcome<Switched>> ToAsync(Deployment to, ProductionCause cause, HttpRequest by, CancellationToken ct)
    {
        var action = cause == ProductionCause.Rollback ? AuditAction.Rollback : AuditAction.Promote;
        // What cannot be is refused by itself, and not written down.
        if (to.State == DeploymentState.Ready && await audit.WriteAsync(Asker.Of(by), action, to.Team, to.ProjectName, $"{to.Hash}", ct) is { } unwritten) return unwritten;
        return await production.ToAsync(to, cause, ct);
    }
}

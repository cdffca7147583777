using Slipway.Core;
using Slipway.Core.Storage;

namespace Slipway.Server.Hosting;

/// <summary>A worker on its own counts nothing: its disk's reserve is watched while it builds, and what the control plane keeps is the control plane's.</summary>
internal sealed class NoDiskBudget : IDiskBudget
{
    public Task<Failure?> ExceededAsync(CancellationToken ct) => Task.FromResult<Failure?>(null);
}

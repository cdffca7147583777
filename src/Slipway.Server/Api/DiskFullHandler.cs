using Microsoft.AspNetCore.Diagnostics;
using Slipway.Core;
using Slipway.Store;

namespace Slipway.Server.Api;

/// <summary>A full disk is nobody's secret: the caller is told what it is and what helps. All else stays an unspoken 500.</summary>
internal sealed class DiskFullHandler(SlipwayHome home) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken ct)
    {
        if (!DiskFull.Is(exception)) return false;
        var problem = new Failure("disk.full", $"the disk of {home.Root} is full; nothing was changed", "free space there (slipway status says what uses it), then try again").Problem(StatusCodes.Status507InsufficientStorage);
        await problem.ExecuteAsync(context);
        return true;
    }
}

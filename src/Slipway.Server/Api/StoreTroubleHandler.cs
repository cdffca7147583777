using Microsoft.AspNetCore.Diagnostics;
using Slipway.Core;
using Slipway.Store;

namespace Slipway.Server.Api;

/// <summary>A database that is away or turns us away: the caller is told that nothing was changed and that it is worth trying again.</summary>
internal sealed class StoreTroubleHandler : IExceptionHandler
{
    private const int TryAgainAfterSeconds = 5;

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken ct)
    {
        if (StoreTrouble.Of(exception) is not { } trouble) return false;
        context.Response.Headers.RetryAfter = $"{TryAgainAfterSeconds}";
        await Describe(trouble).Problem(StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
        return true;
    }

    public static Failure Describe(StoreTrouble trouble) => trouble.Kind switch
    {
        StoreTroubleKind.Unreachable => new Failure("store.unreachable", $"the database does not answer: {trouble.Message}", "apps are served all the same; Slipway goes on by itself once the database is back"),
        StoreTroubleKind.Busy => new Failure("store.busy", $"the database takes no more work for now: {trouble.Message}", "try again; if it stays so, see Slipway:Store:MaxPoolSize and the database's max_connections"),
        StoreTroubleKind.DiskFull => new Failure("store.disk_full", $"the database's disk is full: {trouble.Message}", "free space there, then try again"),
        _ => new Failure("store.refused", $"the database turns Slipway away: {trouble.Message}", "correct user, password, rights or certificate (Slipway:Store:…, docs/production.md); Slipway goes on by itself then"),
    };
}

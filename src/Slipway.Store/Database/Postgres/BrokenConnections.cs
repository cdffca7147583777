using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Slipway.Store.Database.Postgres;

/// <summary>One connection that broke means that all which rest in the pool did: they are given up at once, instead of failing one request each.</summary>
internal sealed class BrokenConnections(NpgsqlDataSource source) : DbCommandInterceptor
{
    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Forget(eventData.Exception);

    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Forget(eventData.Exception);
        return Task.CompletedTask;
    }

    private void Forget(Exception e)
    {
        if (StoreTrouble.Of(e) is { Kind: StoreTroubleKind.Unreachable }) source.Clear();
    }
}

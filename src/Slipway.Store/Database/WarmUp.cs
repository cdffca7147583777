using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace Slipway.Store.Database;

/// <summary>Builds EF's model and its commonest queries while the server starts, so that the first request doesn't wait for them.</summary>
internal sealed class WarmUp(StoreFile file) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // No scope is entered, so nothing is read: it is all about the queries.
            await using var db = file.Read();
            await db.Projects.FirstOrDefaultAsync(stoppingToken);
            await db.Deployments.OrderByDescending(d => d.CreatedAt).FirstOrDefaultAsync(stoppingToken);
        }
        catch (Exception e) when (StoreTrouble.Of(e) is not null)
        {
            // Lost just after the start: whoever asks next is told, and a convenience must not end the server.
        }
    }
}

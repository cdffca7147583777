using Slipway.Core;
using Slipway.Core.Auditing;
using Slipway.Core.Projects;
using Slipway.Store;

namespace Slipway.Server.Api.Auditing;

/// <summary>Writes down who does what, before it is done: what cannot be written down is not done.</summary>
internal sealed class AuditTrail(IAuditLog entries, TimeProvider time, ILogger<AuditTrail> log)
{
    /// <summary>Null: it is written, so it may be done. Else why not, for a 503.</summary>
    public Task<Failure?> WriteAsync(HttpRequest by, string action, Project project, string detail, CancellationToken ct) =>
        WriteAsync(Asker.Of(by), action, project.Team, project.Name, detail, ct);

    /// <inheritdoc cref="WriteAsync(HttpRequest, string, Project, string, CancellationToken)"/>
    public async Task<Failure?> WriteAsync(string by, string action, TeamId team, string project, string detail, CancellationToken ct)
    {
        try
        {
            await entries.AppendAsync(new AuditEntry(0, team, time.GetUtcNow(), by, action, project, detail), ct);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.NotWritten(e, action, project);
            return new Failure("audit.unavailable", $"it was not done, for it could not be written into the audit trail: {Why(e)}", "try again once the database can be written: slipway status");
        }
    }

    /// <summary>What a database says holds no data; what else went wrong is for the log.</summary>
    private static string Why(Exception e) =>
        StoreTrouble.Of(e) is { } trouble ? StoreTroubleHandler.Describe(trouble).Message : DiskFull.Is(e) ? "the disk is full" : "the server's log says why";
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "{Action} of project {Project} was refused: it could not be written into the audit trail")]
    public static partial void NotWritten(this ILogger log, Exception e, string action, string project);
}

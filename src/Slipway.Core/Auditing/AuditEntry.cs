namespace Slipway.Core.Auditing;

/// <summary>One line of the audit trail: somebody is about to do something. It is never changed, and stays when its project goes.</summary>
/// <param name="Id">Ascending in the order of writing, over all teams; given by the log.</param>
/// <param name="Actor">What let them in, and from where.</param>
/// <param name="Action">One of <see cref="AuditAction"/>.</param>
/// <param name="Project">Its name then; null where it is about none.</param>
/// <param name="Detail">In words, at most <see cref="MaxDetail"/> characters; holds no value of a secret.</param>
public sealed record AuditEntry(long Id, TeamId Team, DateTimeOffset At, string Actor, string Action, string? Project, string Detail)
{
    /// <summary>Characters of the detail that are kept.</summary>
    public const int MaxDetail = 1_000;

    /// <summary>The entry as a log keeps it.</summary>
    public AuditEntry Cut()
    {
        if (Detail.Length <= MaxDetail) return this;
        var kept = MaxDetail - 1;
        if (char.IsHighSurrogate(Detail[kept - 1])) kept--;
        return this with { Detail = $"{Detail[..kept]}…" };
    }
}

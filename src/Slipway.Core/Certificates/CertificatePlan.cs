namespace Slipway.Core.Certificates;

/// <summary>What there is, what comes next and when to look again. Pure.</summary>
/// <param name="Next">The one name to ask for now; null: none.</param>
/// <param name="At">When something is due that is not now; null: nothing is.</param>
public sealed record CertificatePlan(IReadOnlyList<CertificateStatus> Statuses, string? Next, DateTimeOffset? At)
{
    /// <param name="wanted">Names that are served here and should have one; never more than we know.</param>
    public static CertificatePlan Compute(IReadOnlyCollection<string> wanted, HeldCertificates held, CertificateLedger ledger, AcmeOptions options, DateTimeOffset now)
    {
        var needs = wanted.Distinct().Order(StringComparer.Ordinal).Select(name => new Need(name, held.Best(name, now), ledger.Refused.GetValueOrDefault(name), ledger.IsFromElsewhere(name, options))).ToList();
        var due = needs.Where(n => n.IsDue(now)).ToList();
        var ready = due.Where(n => !(n.Refusal?.AgainAt > now)).OrderBy(n => n.Rank(now)).ThenBy(n => n.Refusal?.Times ?? 0).ThenBy(n => n.Held?.NotAfter).ToList();
        var freeAt = ledger.FreeAt(options);
        var isFree = freeAt <= now;
        DateTimeOffset?[] later = [.. needs.Where(n => !n.IsDue(now) && n.Held is { IsOwn: false }).Select(n => n.Held?.RenewAt), .. due.Where(n => n.Refusal?.AgainAt > now).Select(n => n.Refusal?.AgainAt), !isFree && ready.Count > 0 ? freeAt : null];
        return new CertificatePlan([.. needs.Select(n => n.Status(now, isFree ? null : freeAt))], isFree ? ready.FirstOrDefault()?.Name : null, later.Min());
    }

    private sealed record Need(string Name, HeldCertificate? Held, CertificateRefusal? Refusal, bool IsFromElsewhere)
    {
        public bool IsDue(DateTimeOffset now) => Held is null || (!Held.IsOwn && (IsFromElsewhere || Held.RenewAt <= now));

        /// <summary>What is about to end, then what has none, then what has time.</summary>
        public int Rank(DateTimeOffset now) => Held is null ? 1 : Held.UrgentAt <= now ? 0 : 2;

        public CertificateStatus Status(DateTimeOffset now, DateTimeOffset? freeAt)
        {
            var again = !IsDue(now) ? null : Refusal?.AgainAt > now ? Refusal.AgainAt : freeAt;
            if (Held is { IsOwn: true }) return new(Name, CertificateState.File, Held.NotAfter);
            if (Held is not null) return new(Name, CertificateState.Valid, Held.NotAfter, IsDue(now) ? Refusal?.Failure : null, again);
            if (Refusal is not null) return new(Name, CertificateState.Failed, null, Refusal.Failure, again ?? now);
            return freeAt is null ? new(Name, CertificateState.Asked) : new(Name, CertificateState.Waiting, AgainAt: freeAt);
        }
    }
}

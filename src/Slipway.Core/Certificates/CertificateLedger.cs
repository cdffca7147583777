namespace Slipway.Core.Certificates;

/// <summary>What was asked for and what came of it: all that no certificate tells. Kept on disk, so that no restart asks anew what was just refused.</summary>
/// <param name="Asked">When an authority was asked in the last day, for whatever name.</param>
/// <param name="Refused">By name, until there is a certificate.</param>
public sealed record CertificateLedger(IReadOnlyList<DateTimeOffset> Asked, IReadOnlyDictionary<string, CertificateRefusal> Refused)
{
    /// <summary>What leads elsewhere costs nobody anything: it is looked again sooner, for somebody may just be changing his DNS.</summary>
    private static readonly TimeSpan LookAgainAtMost = TimeSpan.FromMinutes(10);

    /// <summary>An authority that says "too often" is left alone for a while.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromHours(1);

    /// <summary>By name, which directory the last certificate came from: one for trying it out is no reason not to ask for a real one.</summary>
    public IReadOnlyDictionary<string, string> From { get; init; } = new Dictionary<string, string>();

    public static CertificateLedger Empty { get; } = new([], new Dictionary<string, CertificateRefusal>());

    /// <summary>Written before it is asked: one that is killed meanwhile has asked.</summary>
    public CertificateLedger WithAsked(DateTimeOffset now) => this with { Asked = [.. Asked.Where(at => at > now - TimeSpan.FromDays(1)), now] };

    public CertificateLedger WithObtained(string name, AcmeOptions options) => WithAnew(name) with { From = From.Where(f => f.Key != name).Append(KeyValuePair.Create(name, options.DirectoryUrl.ToString())).ToDictionary() };

    /// <summary>Asked again soon, whatever was refused before: a person changed something.</summary>
    public CertificateLedger WithAnew(string name) => this with { Refused = Refused.Where(r => r.Key != name).ToDictionary() };

    /// <summary>It came from another directory than the one that is to be asked now.</summary>
    public bool IsFromElsewhere(string name, AcmeOptions options) => From.TryGetValue(name, out var directory) && directory != options.DirectoryUrl.ToString();

    /// <summary>After a restart, which may have come with other settings: without what no authority heard of.</summary>
    public CertificateLedger Restarted() => this with { Refused = Refused.Where(r => !CertificateFailures.IsUnheard(r.Value.Failure)).ToDictionary() };

    public CertificateLedger WithRefused(string name, Failure failure, AcmeOptions options, DateTimeOffset now)
    {
        var times = Refused.GetValueOrDefault(name) is { } before && before.Failure.Code == failure.Code ? before.Times + 1 : 1;
        var (first, longest) = CertificateFailures.IsBeforeAsking(failure) ? (options.RetryAfter / 5, LookAgainAtMost < options.RetryAtMost ? LookAgainAtMost : options.RetryAtMost) : (options.RetryAfter, options.RetryAtMost);
        // Beyond this it is the longest anyway, and a shift of more would begin anew.
        var wait = first * (1L << Math.Min(times - 1, 20));
        if (wait > longest) wait = longest;
        if (failure.Code == CertificateFailures.TooOften && wait < Rest) wait = Rest;
        // One is asked for at a time: the last was this.
        var asked = CertificateFailures.IsUnheard(failure) && !CertificateFailures.IsBeforeAsking(failure) && Asked.Count > 0 ? [.. Asked.SkipLast(1)] : Asked;
        return this with { Asked = asked, Refused = Refused.Where(r => r.Key != name).Append(KeyValuePair.Create(name, new CertificateRefusal(failure, times, now, now + wait))).ToDictionary() };
    }

    /// <summary>When one more may be asked for; in the past: now.</summary>
    public DateTimeOffset FreeAt(AcmeOptions options)
    {
        return Max(Free(options.PerHour, TimeSpan.FromHours(1)), Free(options.PerDay, TimeSpan.FromDays(1)));

        DateTimeOffset Free(int most, TimeSpan span) => Asked.Count < most ? DateTimeOffset.MinValue : Asked[^most] + span;

        static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
    }
}

/// <param name="Times">In a row, for the same reason.</param>
public sealed record CertificateRefusal(Failure Failure, int Times, DateTimeOffset At, DateTimeOffset AgainAt);

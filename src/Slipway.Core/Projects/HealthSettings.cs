using Slipway.Core.Pipeline.Running;

namespace Slipway.Core.Projects;

/// <summary>How a project's new instances are asked whether they are up; what is null is as the installation says (<c>Slipway:Runtime</c>).</summary>
public sealed record HealthSettings
{
    /// <summary>Asked by GET, redirects not followed.</summary>
    public string? Path { get; init; }

    /// <summary>Statuses that mean yes: <c>200</c>, <c>200-399</c>, <c>200,204</c>.</summary>
    public string? Status { get; init; }

    /// <summary>One answer may take so long.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>A new instance may take so long until it answers well.</summary>
    public TimeSpan? Grace { get; init; }

    /// <summary>The longest pause between two questions.</summary>
    public TimeSpan? Interval { get; init; }

    public static Failure? Check(HealthSettings settings)
    {
        if (settings.Path is { } path && (path.Length > 1000 || !path.StartsWith('/') || path.StartsWith("//", StringComparison.Ordinal) || path.Any(c => c is <= ' ' or >= '\x7f' or '#' or '\\')))
            return new Failure("health.path_invalid", "the health path must begin with one / and hold no spaces, umlauts or #", "for example --path /healthz");
        if (settings.Status is { } status && ExpectedStatus.Parse(status) is null)
            return new Failure("health.status_invalid", $"'{status}' names no statuses between 100 and 599", "write one, a range or a list: --status 200, --status 200-399, --status 200,204");
        if (IsOutside(settings.Timeout, 0.1, 300)) return new Failure("health.timeout_invalid", "an answer may take 0.1 s to 5 min", "for example --timeout 5s");
        if (IsOutside(settings.Grace, 1, 3600)) return new Failure("health.grace_invalid", "an instance may take 1 s to 1 h until it answers", "for example --grace 90s");
        return IsOutside(settings.Interval, 0.05, 60) ? new Failure("health.interval_invalid", "an instance is asked again after 0.05 s to 1 min", "for example --interval 2s") : null;
    }

    private static bool IsOutside(TimeSpan? time, double least, double most) => time is { TotalSeconds: var seconds } && (seconds < least || seconds > most);
}

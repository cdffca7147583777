using System.Globalization;
using Slipway.Client;

namespace Slipway.Cli.Commands;

/// <summary>Certificates in words.</summary>
internal static class CertificateText
{
    /// <summary>A table's cell.</summary>
    public static string Of(CertificateView? c) => c switch
    {
        null => "",
        { State: "file" } => $"from a file, until {Day(c.ValidUntil)}",
        { State: "valid", Failure: not null } => $"valid until {Day(c.ValidUntil)}, not renewed; again at {Time(c.AgainAt)}",
        { State: "valid" } => $"valid until {Day(c.ValidUntil)}",
        { State: "asked" } => "asked for",
        { State: "waiting" } => $"waits for its turn, until {Time(c.AgainAt)}",
        { State: "failed" } => $"failed; again at {Time(c.AgainAt)}",
        _ => c.State,
    };

    /// <summary>What is wrong with which, a line each, and below those what to do about them.</summary>
    public static IEnumerable<string> Troubles(IEnumerable<CertificateView?> certificates) =>
        certificates.OfType<CertificateView>().Where(c => c.Failure is not null).GroupBy(c => c.Failure?.Hint)
            .SelectMany(same => same.Select(c => c.Failure?.Message ?? "").Distinct().Concat(same.Key is { } hint ? [$"  {hint}"] : []));

    private static string Day(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    private static string Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "";
}

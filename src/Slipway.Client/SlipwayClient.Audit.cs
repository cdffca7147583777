using System.Globalization;

namespace Slipway.Client;

public sealed partial class SlipwayClient
{
    /// <summary>Who did what, newest first; null members don't narrow. At most 500.</summary>
    /// <param name="before">The id of the last entry of the page before.</param>
    public Task<List<AuditEntryView>> AuditAsync(string? project, long? before, int limit, CancellationToken ct)
    {
        var narrowed = string.Create(CultureInfo.InvariantCulture, $"{(project is null ? "" : $"&project={Escape(project)}")}{(before is { } id ? $"&before={id}" : "")}");
        return GetAsync(string.Create(CultureInfo.InvariantCulture, $"/v1/audit?limit={limit}{narrowed}"), SlipwayJson.Default.ListAuditEntryView, ct);
    }
}

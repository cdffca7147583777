namespace Slipway.Core.Pipeline.Running;

/// <summary>Asks an instance itself, before anything is routed to it.</summary>
public interface IInstanceProbe
{
    /// <summary>The HTTP status of one GET, or null when nothing answered in time. Never throws for the app's fault.</summary>
    Task<int?> StatusAsync(string address, int port, string path, TimeSpan timeout, CancellationToken ct);
}

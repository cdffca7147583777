namespace Slipway.Testing.InMemory;

/// <summary>All of the store's seams, knowing each other as the tables of one database do.</summary>
public sealed class InMemoryStore
{
    /// <param name="auditEntries">That are kept of each team.</param>
    public InMemoryStore(TimeProvider time, int auditEntries = 10_000)
    {
        Audit = new InMemoryAuditLog(auditEntries);
        Deployments = new InMemoryDeploymentStore(time);
        Projects = new InMemoryProjectStore(Deployments, Domains);
        Queue = new InMemoryWorkQueue(time, Deployments);
        Log = new InMemoryBuildLog(Deployments);
    }

    public InMemoryDeploymentStore Deployments { get; }
    public InMemoryProjectStore Projects { get; }
    public InMemoryWorkQueue Queue { get; }
    public InMemoryBuildLog Log { get; }
    public InMemoryAccessStore Access { get; } = new();
    public InMemoryWebhookStore Webhooks { get; } = new();
    public InMemoryDomainStore Domains { get; } = new();
    public InMemoryAuditLog Audit { get; }
}

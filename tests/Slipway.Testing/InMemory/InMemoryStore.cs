namespace Slipway.Testing.InMemory;

/// <summary>All of the store's seams, knowing each other as the tables of one database do.</summary>
public sealed class InMemoryStore
{
    public InMemoryStore(TimeProvider time)
    {
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
}

using Slipway.Testing.Contracts;
using Slipway.Testing.InMemory;

namespace Contract.Tests.Store;

internal static class MemoryStore
{
    public static Task<StoreParts> StartAsync(TimeProvider time, int auditEntries = 10_000)
    {
        var store = new InMemoryStore(time, auditEntries);
        return Task.FromResult(new StoreParts(store.Projects, store.Deployments, store.Queue, store.Queue, store.Log, store.Access, store.Webhooks, store.Domains, store.Audit, () => ValueTask.CompletedTask));
    }
}

using Slipway.Testing.Contracts;

namespace Contract.Tests.Store;

public sealed class SqliteProjectStoreTests : ProjectStoreContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => SqliteStore.StartAsync(time);
}

public sealed class PostgresProjectStoreTests : ProjectStoreContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => PostgresStore.StartAsync(time);
}

public sealed class MemoryProjectStoreTests : ProjectStoreContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => MemoryStore.StartAsync(time);
}

public sealed class SqliteDeploymentStoreTests : DeploymentStoreContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => SqliteStore.StartAsync(time);
}

public sealed class PostgresDeploymentStoreTests : DeploymentStoreContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => PostgresStore.StartAsync(time);
}

public sealed class MemoryDeploymentStoreTests : DeploymentStoreContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => MemoryStore.StartAsync(time);
}

public sealed class SqliteAccessStoreTests : AccessStoreContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => SqliteStore.StartAsync(time);
}

public sealed class PostgresAccessStoreTests : AccessStoreContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => PostgresStore.StartAsync(time);
}

public sealed class MemoryAccessStoreTests : AccessStoreContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => MemoryStore.StartAsync(time);
}

public sealed class SqliteWebhookStoreTests : WebhookStoreContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => SqliteStore.StartAsync(time);
}

public sealed class PostgresWebhookStoreTests : WebhookStoreContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => PostgresStore.StartAsync(time);
}

public sealed class MemoryWebhookStoreTests : WebhookStoreContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => MemoryStore.StartAsync(time);
}

public sealed class SqliteWorkQueueTests : StoreQueueContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => SqliteStore.StartAsync(time);
}

public sealed class PostgresWorkQueueTests : StoreQueueContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => PostgresStore.StartAsync(time);
}

public sealed class MemoryWorkQueueTests : StoreQueueContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => MemoryStore.StartAsync(time);
}

public sealed class SqliteBuildLogTests : BuildLogContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => SqliteStore.StartAsync(time);
}

public sealed class PostgresBuildLogTests : BuildLogContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => PostgresStore.StartAsync(time);
}

public sealed class MemoryBuildLogTests : BuildLogContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => MemoryStore.StartAsync(time);
}

public sealed class SqliteDomainStoreTests : DomainStoreContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => SqliteStore.StartAsync(time);
}

public sealed class PostgresDomainStoreTests : DomainStoreContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => PostgresStore.StartAsync(time);
}

public sealed class MemoryDomainStoreTests : DomainStoreContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => MemoryStore.StartAsync(time);
}

public sealed class SqliteAuditLogTests : AuditLogContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => SqliteStore.StartAsync(time, o => o.AuditEntries = Kept);
}

public sealed class PostgresAuditLogTests : AuditLogContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => PostgresStore.StartAsync(time, o => o.AuditEntries = Kept);
}

public sealed class MemoryAuditLogTests : AuditLogContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => MemoryStore.StartAsync(time, Kept);
}

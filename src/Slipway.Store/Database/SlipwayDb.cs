using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Slipway.Core;
using Slipway.Core.Tenancy;
using Slipway.Store.Access;
using Slipway.Store.Auditing;
using Slipway.Store.BuildLogs;
using Slipway.Store.Deployments;
using Slipway.Store.Domains;
using Slipway.Store.Projects;
using Slipway.Store.Queueing;
using Slipway.Store.Webhooks;

namespace Slipway.Store.Database;

/// <summary>All tables. Its model is built at start (<see cref="WarmUp"/>): EF compiles none ahead of time for a model with query filters.</summary>
internal class SlipwayDb(DbContextOptions options) : DbContext(options)
{
    public DbSet<ProjectRow> Projects => Set<ProjectRow>();
    public DbSet<EnvironmentVariableRow> EnvironmentVariables => Set<EnvironmentVariableRow>();
    public DbSet<DeploymentRow> Deployments => Set<DeploymentRow>();
    public DbSet<DeploymentEventRow> DeploymentEvents => Set<DeploymentEventRow>();
    public DbSet<QueueJobRow> QueueJobs => Set<QueueJobRow>();
    public DbSet<DeadLetterRow> DeadLetters => Set<DeadLetterRow>();
    public DbSet<BuildLogRow> BuildLogs => Set<BuildLogRow>();
    public DbSet<BuildLogChunkRow> BuildLogChunks => Set<BuildLogChunkRow>();
    public DbSet<ApiTokenRow> ApiTokens => Set<ApiTokenRow>();
    public DbSet<LoginLinkRow> LoginLinks => Set<LoginLinkRow>();
    public DbSet<SessionRow> Sessions => Set<SessionRow>();
    public DbSet<WebhookDeliveryRow> WebhookDeliveries => Set<WebhookDeliveryRow>();
    public DbSet<DomainRow> Domains => Set<DomainRow>();
    public DbSet<AuditEntryRow> AuditEntries => Set<AuditEntryRow>();

    // The filter reads these anew for each query: EF turns instance members of the context, and only those, into parameters.
#pragma warning disable CA1822
    private bool SeesEveryTeam => TeamScope.Current is { IsSystem: true };
    private bool SeesATeam => TeamScope.Current is { Team: not null };
    private TeamId VisibleTeam => TeamScope.Current?.Team ?? default;
#pragma warning restore CA1822

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) => Columns.Convert(configurationBuilder);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ProjectRow.Map(Table<ProjectRow>(modelBuilder, "projects"));
        EnvironmentVariableRow.Map(Table<EnvironmentVariableRow>(modelBuilder, "environment_variables"));
        DeploymentRow.Map(Table<DeploymentRow>(modelBuilder, "deployments"));
        DeploymentEventRow.Map(Table<DeploymentEventRow>(modelBuilder, "deployment_events"));
        QueueJobRow.Map(Table<QueueJobRow>(modelBuilder, "queue_jobs"));
        DeadLetterRow.Map(Table<DeadLetterRow>(modelBuilder, "dead_letters"));
        BuildLogRow.Map(Table<BuildLogRow>(modelBuilder, "build_logs"));
        BuildLogChunkRow.Map(Table<BuildLogChunkRow>(modelBuilder, "build_log_chunks"));
        ApiTokenRow.Map(Table<ApiTokenRow>(modelBuilder, "api_tokens"));
        LoginLinkRow.Map(Table<LoginLinkRow>(modelBuilder, "login_links"));
        SessionRow.Map(Table<SessionRow>(modelBuilder, "sessions"));
        WebhookDeliveryRow.Map(Table<WebhookDeliveryRow>(modelBuilder, "webhook_deliveries"));
        DomainRow.Map(Table<DomainRow>(modelBuilder, "domains"));
        AuditEntryRow.Map(Table<AuditEntryRow>(modelBuilder, "audit_entries"));
        SnakeCase.Apply(modelBuilder);
    }

    /// <summary>The only way a table comes into the model, so none comes without the filter.</summary>
    private EntityTypeBuilder<TRow> Table<TRow>(ModelBuilder builder, string name) where TRow : class, ITeamRow =>
        builder.Entity<TRow>().ToTable(name)
            .HasQueryFilter(TeamRows.Filter, row => SeesEveryTeam || (SeesATeam && row.TeamId == VisibleTeam));
}

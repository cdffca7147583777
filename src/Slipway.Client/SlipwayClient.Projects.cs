namespace Slipway.Client;

/// <content>Projects and what is theirs.</content>
public sealed partial class SlipwayClient
{
    /// <summary>All projects.</summary>
    public Task<List<ProjectView>> ListProjectsAsync(CancellationToken ct) => GetAsync("/v1/projects", SlipwayJson.Default.ListProjectView, ct);

    /// <summary>One project.</summary>
    public Task<ProjectView> GetProjectAsync(string name, CancellationToken ct) => GetAsync($"/v1/projects/{Escape(name)}", SlipwayJson.Default.ProjectView, ct);

    /// <summary>Takes a project away with all it has.</summary>
    public Task RemoveProjectAsync(string name, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"/v1/projects/{Escape(name)}", null, ct);

    /// <summary>The hosts of a project: production's, the branches', the previews'.</summary>
    public Task<List<AliasView>> ListAliasesAsync(string project, CancellationToken ct) => GetAsync($"/v1/projects/{Escape(project)}/aliases", SlipwayJson.Default.ListAliasView, ct);

    /// <summary>A project's own domains.</summary>
    public Task<List<DomainView>> ListDomainsAsync(string project, CancellationToken ct) => GetAsync($"/v1/projects/{Escape(project)}/domains", SlipwayJson.Default.ListDomainView, ct);

    /// <summary>The certificates of all hosts that are served.</summary>
    public Task<List<CertificateView>> ListCertificatesAsync(CancellationToken ct) => GetAsync("/v1/certificates", SlipwayJson.Default.ListCertificateView, ct);

    /// <summary>Adds a domain, or changes where it redirects; returns when the edge answers by it.</summary>
    public Task<DomainView> AddDomainAsync(string project, AddDomain body, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, $"/v1/projects/{Escape(project)}/domains", Body(body, SlipwayJson.Default.AddDomain), SlipwayJson.Default.DomainView, ct);

    /// <summary>Takes a domain away.</summary>
    public Task RemoveDomainAsync(string project, string host, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"/v1/projects/{Escape(project)}/domains/{Escape(host)}", null, ct);

    /// <summary>What a project's production keeps across deployments.</summary>
    public Task<List<VolumeView>> ListVolumesAsync(string project, CancellationToken ct) => GetAsync($"/v1/projects/{Escape(project)}/volumes", SlipwayJson.Default.ListVolumeView, ct);

    /// <summary>Keeps a folder, from the next deployment on.</summary>
    public Task<VolumeView> AddVolumeAsync(string project, AddVolume body, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, $"/v1/projects/{Escape(project)}/volumes", Body(body, SlipwayJson.Default.AddVolume), SlipwayJson.Default.VolumeView, ct);

    /// <summary>Removes a volume with its data; production starts again without it.</summary>
    public Task RemoveVolumeAsync(string project, string volume, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"/v1/projects/{Escape(project)}/volumes/{Escape(volume)}", null, ct);

    /// <summary>Where a project's apps may go in spite of the fence.</summary>
    public Task<List<WayView>> ListWaysAsync(string project, CancellationToken ct) => GetAsync($"/v1/projects/{Escape(project)}/ways", SlipwayJson.Default.ListWayView, ct);

    /// <summary>Opens a way; returns when the fence has it.</summary>
    public Task<WayView> AddWayAsync(string project, AddWay body, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, $"/v1/projects/{Escape(project)}/ways", Body(body, SlipwayJson.Default.AddWay), SlipwayJson.Default.WayView, ct);

    /// <summary>Closes a way, and what goes on over it.</summary>
    public Task RemoveWayAsync(string project, string address, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"/v1/projects/{Escape(project)}/ways/{Escape(address)}", null, ct);

    /// <summary>Points production at a ready deployment; returns when the edge answers by it.</summary>
    public Task<ProductionView> PromoteAsync(string id, CancellationToken ct) => SendAsync(HttpMethod.Post, $"/v1/deployments/{Escape(id)}/promote", null, SlipwayJson.Default.ProductionView, ct);

    /// <summary>What a roll back would bring back; <paramref name="deployment"/> null: what was production before.</summary>
    public Task<RollbackView> ConsiderRollbackAsync(string project, string? deployment, CancellationToken ct) =>
        GetAsync($"/v1/projects/{Escape(project)}/rollback{(deployment is null ? "" : $"?deployment={Escape(deployment)}")}", SlipwayJson.Default.RollbackView, ct);

    /// <summary>Takes production back and pins it there; returns when the edge answers by it.</summary>
    public Task<ProductionView> RollbackAsync(string project, RollbackRequest body, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, $"/v1/projects/{Escape(project)}/rollback", Body(body, SlipwayJson.Default.RollbackRequest), SlipwayJson.Default.ProductionView, ct);

    /// <summary>Takes a roll back's pin away; production stays where it is until the next deployment for it.</summary>
    public Task<ProjectView> ReleaseProductionAsync(string project, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"/v1/projects/{Escape(project)}/pin", null, SlipwayJson.Default.ProjectView, ct);

    /// <summary>When a project's idle deployments sleep.</summary>
    public Task<SleepView> SleepAsync(string project, CancellationToken ct) => GetAsync($"/v1/projects/{Escape(project)}/sleep", SlipwayJson.Default.SleepView, ct);

    /// <summary>Says when they sleep; takes effect at once.</summary>
    public Task<SleepView> SetSleepAsync(string project, SetSleep body, CancellationToken ct) =>
        SendAsync(HttpMethod.Put, $"/v1/projects/{Escape(project)}/sleep", Body(body, SlipwayJson.Default.SetSleep), SlipwayJson.Default.SleepView, ct);

    /// <summary>Back to what the installation says.</summary>
    public Task<SleepView> ResetSleepAsync(string project, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"/v1/projects/{Escape(project)}/sleep", null, SlipwayJson.Default.SleepView, ct);

    /// <summary>How long a project's deployments are kept.</summary>
    public Task<RetentionView> RetentionAsync(string project, CancellationToken ct) => GetAsync($"/v1/projects/{Escape(project)}/retention", SlipwayJson.Default.RetentionView, ct);

    /// <summary>Says how long; takes effect at once.</summary>
    public Task<RetentionView> SetRetentionAsync(string project, SetRetention body, CancellationToken ct) =>
        SendAsync(HttpMethod.Put, $"/v1/projects/{Escape(project)}/retention", Body(body, SlipwayJson.Default.SetRetention), SlipwayJson.Default.RetentionView, ct);

    /// <summary>Back to what the installation says.</summary>
    public Task<RetentionView> ResetRetentionAsync(string project, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"/v1/projects/{Escape(project)}/retention", null, SlipwayJson.Default.RetentionView, ct);

    /// <summary>How a project's new instances are asked whether they are up.</summary>
    public Task<HealthView> HealthAsync(string project, CancellationToken ct) => GetAsync($"/v1/projects/{Escape(project)}/health", SlipwayJson.Default.HealthView, ct);

    /// <summary>Says how; the next deployment is asked so.</summary>
    public Task<HealthView> SetHealthAsync(string project, SetHealth body, CancellationToken ct) =>
        SendAsync(HttpMethod.Put, $"/v1/projects/{Escape(project)}/health", Body(body, SlipwayJson.Default.SetHealth), SlipwayJson.Default.HealthView, ct);

    /// <summary>Back to what the installation says.</summary>
    public Task<HealthView> ResetHealthAsync(string project, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"/v1/projects/{Escape(project)}/health", null, SlipwayJson.Default.HealthView, ct);

    /// <summary>Which of a project's hosts ask for its password.</summary>
    public Task<ProtectionView> ProtectionAsync(string project, CancellationToken ct) => GetAsync($"/v1/projects/{Escape(project)}/protection", SlipwayJson.Default.ProtectionView, ct);

    /// <summary>Sets the password or the hosts; the edge asks by it when this returns.</summary>
    public Task<ProtectionView> SetProtectionAsync(string project, SetProtection body, CancellationToken ct) =>
        SendAsync(HttpMethod.Put, $"/v1/projects/{Escape(project)}/protection", Body(body, SlipwayJson.Default.SetProtection), SlipwayJson.Default.ProtectionView, ct);

    /// <summary>Opens all its hosts.</summary>
    public Task<ProtectionView> RemoveProtectionAsync(string project, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"/v1/projects/{Escape(project)}/protection", null, SlipwayJson.Default.ProtectionView, ct);

    /// <summary>A project's variables; secrets without value.</summary>
    public Task<List<EnvironmentVariableView>> ListEnvironmentAsync(string project, CancellationToken ct) => GetAsync($"/v1/projects/{Escape(project)}/env", SlipwayJson.Default.ListEnvironmentVariableView, ct);

    /// <summary>Sets or replaces variables.</summary>
    public Task<List<EnvironmentVariableView>> SetEnvironmentAsync(string project, SetEnvironment body, CancellationToken ct) =>
        SendAsync(HttpMethod.Put, $"/v1/projects/{Escape(project)}/env", Body(body, SlipwayJson.Default.SetEnvironment), SlipwayJson.Default.ListEnvironmentVariableView, ct);

    /// <summary>Removes a variable; <paramref name="target"/> null: of both targets.</summary>
    public Task RemoveEnvironmentAsync(string project, string variable, string? target, CancellationToken ct) =>
        SendAsync(HttpMethod.Delete, $"/v1/projects/{Escape(project)}/env/{Escape(variable)}{(target is null ? "" : $"?target={Escape(target)}")}", null, ct);
}

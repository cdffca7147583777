using Slipway.Client;
using Slipway.Testing.Hosting;
using Slipway.Testing.Nats;
using Slipway.Testing.Postgres;

namespace EndToEnd.Tests.Production;

/// <summary>All parts as processes of their own: PostgreSQL, a nats-server with TLS and users, a registry with a password, an edge, a control plane that builds nothing, and two workers.</summary>
public sealed class ProductionStack : IAsyncLifetime
{
    private Installation? _slipway;
    private readonly List<WorkerProcess> _workers = [];

    public Installation Slipway => _slipway ?? throw new InvalidOperationException("not begun");

    public NatsServer Nats { get => field ?? throw new InvalidOperationException("not begun"); private set; }

    public PostgresServer Postgres { get => field ?? throw new InvalidOperationException("not begun"); private set; }

    public RegistryServer Registry { get => field ?? throw new InvalidOperationException("not begun"); private set; }

    public PrometheusServer Prometheus { get => field ?? throw new InvalidOperationException("not begun"); private set; }

    internal IReadOnlyList<WorkerProcess> Workers => _workers;

    public async ValueTask InitializeAsync()
    {
        Nats = await NatsServer.StartAsync(NatsAccess.Users);
        Registry = await RegistryServer.StartAsync();
        Postgres = await PostgresServer.StartAsync();
        await Postgres.AskAsync("CREATE DATABASE app");
        _slipway = new Installation(Settings());
        await File.WriteAllTextAsync(MetricsToken, "of the story production, for scrapes\n");
        await _slipway.InitializeAsync();
        var version = (await Slipway.Api.StatusAsync(CancellationToken.None)).Server.Version;
        for (var i = 0; i < 2; i++) _workers.Add(await WorkerProcess.StartAsync(version, Nats, Registry));
        Prometheus = await PrometheusServer.StartAsync([
            new PrometheusTarget("server", new Uri(Slipway.ApiAddress).Authority, TokenFile: MetricsToken),
            new PrometheusTarget("edge", new Uri(Slipway.ApiAddress).Authority, "/metrics/edge", MetricsToken),
            .. _workers.Select(w => new PrometheusTarget("worker", $"127.0.0.1:{w.MetricsPort}"))]);
    }

    public async ValueTask DisposeAsync()
    {
        await Prometheus.DisposeAsync();
        foreach (var worker in _workers) await worker.DisposeAsync();
        await Slipway.DisposeAsync();
        await Postgres.DisposeAsync();
        await Registry.DisposeAsync();
        await Nats.DisposeAsync();
        File.Delete(MetricsToken);
    }

    /// <summary>The worker that builds it now.</summary>
    internal async Task<WorkerProcess> BuilderOfAsync(string deployment)
    {
        var name = await Slipway.WorkerOfAsync(deployment);
        return _workers.Single(w => name.EndsWith($":{w.Pid}", StringComparison.Ordinal));
    }

    /// <summary>All lines, as the page shows them.</summary>
    public async Task<List<LogLineView>> LogAsync(string deployment)
    {
        using var api = Slipway.Api;
        var all = new List<LogLineView>();
        while (await api.LogsAsync(deployment, all.Count == 0 ? 0 : all[^1].Sequence, CancellationToken.None) is { Count: > 0 } page) all.AddRange(page);
        return all;
    }

    private static string MetricsToken => Path.Combine(Path.GetTempPath(), $"slipway-metrics-{Environment.ProcessId}");

    private Dictionary<string, string> Settings() => new()
    {
        ["Slipway__Store__Database"] = "postgres",
        ["Slipway__Store__ConnectionString"] = $"{Postgres.NetworkString("app")};SSL Mode=VerifyFull;Root Certificate={Postgres.Authority.RootFile}",
        ["Slipway__Store__PasswordFile"] = Postgres.PasswordFile,
        ["Slipway__Nats__Url"] = Nats.Url,
        ["Slipway__Nats__Username"] = "control",
        ["Slipway__Nats__PasswordFile"] = Nats.PasswordFile("control"),
        ["Slipway__Nats__AuthorityFile"] = Nats.Authority.RootFile,
        ["Slipway__Nats__CertificateFile"] = Nats.Authority.ClientFile,
        ["Slipway__Nats__KeyFile"] = Nats.Authority.ClientKeyFile,
        ["Slipway__Registry__Address"] = Registry.Address,
        ["Slipway__Registry__Username"] = RegistryServer.Username,
        ["Slipway__Registry__PasswordFile"] = Registry.PasswordFile,
        ["Slipway__Pipeline__Concurrency"] = "0",
        ["Slipway__Metrics__TokenFile"] = MetricsToken,
    };
}

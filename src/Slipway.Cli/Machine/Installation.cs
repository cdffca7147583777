using System.Globalization;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Cli.Stack;
using Slipway.Core;

namespace Slipway.Cli.Machine;

/// <summary>What a person asked of <c>up</c>; null leaves it as it was.</summary>
internal sealed record UpRequest(bool? IsPublic = null, string? BaseDomain = null, string? AcmeEmail = null);

/// <summary>What <c>up --json</c> prints.</summary>
internal sealed record UpDocument(string Home, UpProcess Server, UpProcess Edge, string BaseDomain, bool IsPublic, string Engine, bool SurvivesReboot)
{
    /// <summary>Who is told by certificates' authorities; null: none are fetched.</summary>
    public string? AcmeEmail { get; init; }
}

internal sealed record UpProcess(int Pid, string Version, string Address, string Log);

/// <summary>Brings a home's processes up, and keeps them at the version of this checkout.</summary>
internal sealed class Installation(SlipwayHome home, TimeProvider time, Screen screen)
{
    private readonly RoleProcess _edge = RoleProcess.Edge(home, time);
    private readonly RoleProcess _companion = RoleProcess.Companion(home, time);
    private readonly RoleProcess _server = RoleProcess.Server(home, time);
    private readonly HomeSettingsFile _settings = new(home);

    /// <summary>For a verb that needs a server: the stack of this home where it is one, else the home's own, which is started.</summary>
    /// <exception cref="CliError">The stack of this home does not answer.</exception>
    public async Task EnsureReachableAsync(Progress progress, CancellationToken ct)
    {
        if (StackFolder.Of(home) is not { Exists: true } stack)
        {
            await EnsureUpAsync(new UpRequest(), progress, ct);
            return;
        }

        var environment = StackEnvironment.Read(stack);
        if (!environment.IsHere) throw CliError.Broken("stack.not_running", "the stack of this home does not run", "start it: slipway stack up");
        try
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };
            using var answer = await http.GetAsync(new Uri(new Uri(environment.Api), "/health/live"), ct);
            answer.EnsureSuccessStatusCode();
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw CliError.Broken("stack.not_running", $"the stack of this home does not answer: {e.Message}", "see: slipway stack status; start it: slipway stack up", e);
        }
    }

    /// <summary>Does nothing when everything runs at this version: the way of every deploy but the first.</summary>
    public async Task<UpDocument> EnsureUpAsync(UpRequest request, Progress progress, CancellationToken ct)
    {
        if (StackFolder.Of(home).Exists) throw CliError.Broken("up.is_a_stack", $"this home is a stack's ({StackFolder.Of(home).Root})", "start it: slipway stack up. For a Slipway in one piece use another home: SLIPWAY_HOME=… slipway up");
        if (request == new UpRequest() && await AsItIsAsync(ct) is { } now) return now;
        var machine = new MachineSetup(home, time, screen);
        // A machine that cannot be set up is told so before even the home is made.
        IReadOnlyList<Need> more = request.IsPublic ?? _settings.IsPublic ? [Packages.Certificates] : [];
        await machine.DecideAsync(more, ct);
        HomeFolders.Create(home);
        using var turn = await UpLock.TakeAsync(home, progress, time, ct);
        var setup = await machine.EnsureAsync(more, progress, ct);
        var isChanged = _settings.Save(request.IsPublic, request.BaseDomain, request.AcmeEmail);
        var (edge, server) = Systemd.CanInstallUnits ? await BySystemdAsync(isChanged, progress, ct) : await ByHandAsync(isChanged, progress, ct);
        progress.End();
        return Document(edge, server, setup.Engine);
    }

    private async Task<UpDocument?> AsItIsAsync(CancellationToken ct)
    {
        if (_edge.Running is not { } edge || _server.Running is not { } server || !IsCurrent(edge) || !IsCurrent(server)) return null;
        if (Environment.IsPrivilegedProcess && !IsCurrent(_companion.Running)) return null;
        if (!await _server.IsReadyAsync(server, ct)) return null;
        return await EngineProbe.AskAsync(ct) is { IsReachable: true } engine ? Document(edge, server, engine.Socket) : null;
    }

    private async Task<(RunFile Edge, RunFile Server)> ByHandAsync(bool isChanged, Progress progress, CancellationToken ct)
    {
        var edge = _edge.Running;
        var server = _server.Running;
        // The server first: it hands its builds back while the edge still serves the apps.
        if (server is not null && (isChanged || !IsCurrent(server)))
        {
            await _server.StopAsync(untilDrained: true, progress, ct);
            server = null;
        }

        if (edge is not null && (isChanged || !IsCurrent(edge)))
        {
            var old = await _edge.StopAsync(untilDrained: false, progress, ct);
            edge = await _edge.StartAsync(SamePort(old), progress, ct);
        }

        edge ??= await _edge.StartAsync(NoExtra, progress, ct);
        if (Environment.IsPrivilegedProcess) await CompanionAsync(progress, ct);
        if (server is not null && !await _server.IsReadyAsync(server, ct)) progress.Begin("waiting for the server to be ready");
        server = server is null ? await _server.StartAsync(NoExtra, progress, ct) : await _server.WaitAsync(server.Pid, LogTail.Open(_server.LogFile), ct);
        return (edge, server);
    }

    private async Task CompanionAsync(Progress progress, CancellationToken ct)
    {
        if (IsCurrent(_companion.Running)) return;
        await _companion.StopAsync(untilDrained: true, progress, ct);
        await _companion.StartAsync(NoExtra, progress, ct);
    }

    private async Task<(RunFile Edge, RunFile Server)> BySystemdAsync(bool isChanged, Progress progress, CancellationToken ct)
    {
        var units = new InstalledUnits(home);
        await StopStrayAsync(units, progress, ct);
        isChanged |= await units.WriteAsync(SamePort(_edge.Running), ct);
        progress.Begin("starting the units");
        var (edgeLog, serverLog) = (LogTail.Open(_edge.LogFile), LogTail.Open(_server.LogFile));
        if (await units.EnableAsync(isChanged || !IsCurrent(_edge.Running) || !IsCurrent(_companion.Running) || !IsCurrent(_server.Running), ct) is { } unfenced) screen.Warn(unfenced);
        var edge = await _edge.WaitAsync(null, edgeLog, ct);
        // Also at the next boot, where another program may come first or later.
        await units.WriteAsync(SamePort(edge), ct);
        return (edge, await _server.WaitAsync(null, serverLog, ct));
    }

    /// <summary>Processes that were started by hand before make room for the units'.</summary>
    private async Task StopStrayAsync(InstalledUnits units, Progress progress, CancellationToken ct)
    {
        if (_server.Running is { } server && !units.Own(server.Pid)) await _server.StopAsync(untilDrained: true, progress, ct);
        if (_companion.Running is { } companion && !units.Own(companion.Pid)) await _companion.StopAsync(untilDrained: true, progress, ct);
        if (_edge.Running is { } edge && !units.Own(edge.Pid)) await _edge.StopAsync(untilDrained: true, progress, ct);
    }

    private static readonly Dictionary<string, string> NoExtra = [];

    /// <summary>URLs carry the port: a restarted edge must not choose another.</summary>
    private Dictionary<string, string> SamePort(RunFile? edge) =>
        Environment.GetEnvironmentVariable("SLIPWAY_PORT") is not { Length: > 0 } && !_settings.NamesPort && edge is not null && Uri.TryCreate(edge.Address, UriKind.Absolute, out var address)
            ? new Dictionary<string, string> { ["SLIPWAY_PORT"] = address.Port.ToString(CultureInfo.InvariantCulture) }
            : NoExtra;

    private static bool IsCurrent(RunFile? file) => file is not null && (ServerBinary.Build is not { } build || file.Version == build);

    private UpDocument Document(RunFile edge, RunFile server, string engine) => new(
        home.Root, new UpProcess(server.Pid, server.Version, server.Address, _server.LogFile), new UpProcess(edge.Pid, edge.Version, edge.Address, _edge.LogFile),
        server.BaseDomain, edge.IsPublic, engine, Systemd.CanInstallUnits)
    {
        AcmeEmail = _settings.AcmeEmail,
    };
}

using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Edge.Admin;
using Slipway.Edge.Caching;
using Slipway.Edge.Forwarding;
using Slipway.Edge.Hosts;
using Slipway.Edge.Metrics;
using Slipway.Edge.Passwords;
using Slipway.Edge.Publishing;
using Slipway.Edge.Rules;
using Slipway.Edge.Sleeping;
using Slipway.Edge.Tls;
using Yarp.ReverseProxy.Forwarder;

namespace Slipway.Edge.Startup;

/// <summary>One edge from its first listener to its last drained request.</summary>
internal sealed class RunningEdge : IAsyncDisposable
{
    private readonly EdgeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _logger;
    private readonly ServiceProvider _services;
    private readonly TableKeeper _tables;
    private readonly AppForwarder _apps;
    private readonly ExternalForwarder _externals;
    private readonly HttpInstanceProbe _appProbe = new();
    private readonly CertificateKeeper _certificates;
    private readonly VisitorCookies _visitors;
    private readonly PasswordCheck _passwords;
    private readonly AssetDoor _assets;
    private readonly SecureDoor _secure;
    private readonly WebApplication _public;
    private readonly WebApplication? _tls;
    private readonly WebApplication _admin;
    private readonly WebApplication? _metrics;
    private bool _isReady;
    private bool _isStopped;

    private RunningEdge(EdgeOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _logs = EdgeLogging.Create();
        _logger = _logs.CreateLogger("Slipway.Edge");
        _services = new ServiceCollection().AddSingleton(_logs).AddLogging().AddHttpForwarder().BuildServiceProvider();
        _tables = new TableKeeper(new TableFile(options.TableFile, _logger), _logger);
        _apps = new AppForwarder(_services.GetRequiredService<IHttpForwarder>(), options, time);
        _externals = new ExternalForwarder(_services.GetRequiredService<IHttpForwarder>(), options);

        var counters = new EdgeCounters();
        var wants = new WantBoard(time);
        var room = new WaitingRoom(_tables, wants, new CompanionLine(options, time), options, time);
        _certificates = new CertificateKeeper(options.Tls, time, _logger);
        var probes = new ProbeKey();
        _secure = new SecureDoor(_certificates, probes, options);
        _visitors = new VisitorCookies(options.PasswordLifetime, time);
        _passwords = new PasswordCheck(new Attempts(options.PasswordAttempts, time));
        var passwords = new PasswordDoor(_visitors, _passwords, probes);
        var cache = new AssetCache((long)options.CacheMegabytes << 20);
        _assets = new AssetDoor(cache, probes, time);
        var rules = new RuleDoor(_externals, probes, _logger);
        var door = new PublicDoor(_tables, _apps, room, new Crawlers(options), _secure, passwords, rules, _assets, new ChallengeFiles(options.Tls), counters, options, time, _logger);
        _public = Listeners.Public(options, _logs, door.AnswerAsync);
        if (TlsPort > 0) _tls = Listeners.Tls(options, TlsPort, _certificates, _logs, door.AnswerAsync);
        var exposition = new EdgeExposition(_tables, room, wants, counters, _passwords, cache, time.GetUtcNow());
        _admin = Listeners.Admin(options, _logs, new AdminDoor(_tables, room, wants, counters, _certificates, _secure, probes, options, exposition, _appProbe, time.GetUtcNow(), _logger).AnswerAsync);
        if (options.MetricsPort > 0) _metrics = Listeners.Metrics(options, _logs, new MetricsDoor(exposition, options).AnswerAsync);
    }

    /// <summary>The public base address.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Last table first, so that the first request already finds its app; the run file last, for it says "ready".</summary>
    public static async Task<RunningEdge> StartAsync(EdgeOptions options, TimeProvider time, CancellationToken ct)
    {
        var edge = new RunningEdge(options, time);
        try
        {
            await edge._tables.LoadAsync(ct);
            edge._visitors.Key = await VisitorKey.LoadAsync(Path.Combine(Path.GetDirectoryName(options.TableFile) ?? "", VisitorKey.FileName), edge._logger, ct);
            edge._certificates.Start();
            // The plain port is in use first: who finds it taken is told of that one.
            await edge.OpenPublicAsync(ct);
            await edge.OpenTlsAsync(ct);
            await edge.OpenAdminAsync(ct);
            await edge.OpenMetricsAsync(ct);
            await edge.SayReadyAsync(ct);
            return edge;
        }
        catch
        {
            await edge.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives up the admin socket, then the port, then waits for requests in flight: the next edge can start at once.</summary>
    public async Task StopAsync()
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        if (_isReady)
        {
            // Before the drain: who reads it must not find an edge that takes nothing new.
            File.Delete(_options.RunFile);
            _logger.EdgeDrains(_tables.InFlight, _options.DrainTimeout);
        }

        await _admin.StopAsync(CancellationToken.None);
        if (_metrics is not null) await _metrics.StopAsync(CancellationToken.None);
        await Task.WhenAll(_public.StopAsync(CancellationToken.None), _tls?.StopAsync(CancellationToken.None) ?? Task.CompletedTask);
        if (_isReady)
        {
            _logger.EdgeStopped();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _admin.DisposeAsync();
        if (_metrics is not null) await _metrics.DisposeAsync();
        await _public.DisposeAsync();
        if (_tls is not null) await _tls.DisposeAsync();
        await _certificates.DisposeAsync();
        _apps.Dispose();
        _passwords.Dispose();
        _assets.Dispose();
        _externals.Dispose();
        _appProbe.Dispose();
        _tables.Dispose();
        await _services.DisposeAsync();
        _logs.Dispose();
    }

    private async Task OpenPublicAsync(CancellationToken ct)
    {
        try
        {
            await _public.StartAsync(ct);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new EdgePortTakenException(_options.Port, PortHolder.Find(_options.Port), e);
        }
        catch (Exception e) when (e.IsCausedBy(SocketError.AccessDenied))
        {
            throw new EdgePortDeniedException(_options.Port, e);
        }

        var port = new Uri(_public.Urls.First()).Port;
        Address = $"http://127.0.0.1:{port}";
    }

    private int TlsPort => _options.Tls.Port ?? (_options is { BindPublic: true, Port: 80 } ? 443 : 0);

    private async Task OpenTlsAsync(CancellationToken ct)
    {
        if (_tls is null) return;
        try
        {
            await _tls.StartAsync(ct);
        }
        catch (Exception e) when (_options.Tls.Port is null && (e.InnerException is AddressInUseException || e.IsCausedBy(SocketError.AccessDenied)))
        {
            _logger.TlsNotOpened(TlsPort, PortHolder.Find(TlsPort) is { } holder ? $"in use by {holder}" : e.Message);
            return;
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new EdgePortTakenException(TlsPort, PortHolder.Find(TlsPort), e, $"{EdgeTlsOptions.Section}:Port");
        }
        catch (Exception e) when (e.IsCausedBy(SocketError.AccessDenied))
        {
            throw new EdgePortDeniedException(TlsPort, e);
        }

        _secure.Port = TlsPort;
        _logger.TlsOpened($"https://127.0.0.1:{TlsPort}");
    }

    private async Task OpenAdminAsync(CancellationToken ct)
    {
        OwnFolder.Create(Path.GetDirectoryName(_options.AdminSocket));
        await StaleSocket.RemoveAsync(_options.AdminSocket, ct);
        await _admin.StartAsync(ct);
    }

    private async Task OpenMetricsAsync(CancellationToken ct)
    {
        if (_metrics is null) return;
        try
        {
            await _metrics.StartAsync(ct);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new EdgePortTakenException(_options.MetricsPort, PortHolder.Find(_options.MetricsPort), e, $"{EdgeOptions.Section}:MetricsPort");
        }
    }

    private async Task SayReadyAsync(CancellationToken ct)
    {
        var run = new RunFile(Environment.ProcessId, EdgeVersion.Text, Address, _options.BaseDomain, _options.BindPublic, _time.GetUtcNow());
        OwnFolder.Create(Path.GetDirectoryName(_options.RunFile));
        await AtomicFile.WriteAsync(_options.RunFile, JsonSerializer.SerializeToUtf8Bytes(run, EdgeJson.Default.RunFile), _options.IsShared ? AtomicFile.Own | UnixFileMode.GroupRead : AtomicFile.Own, ct);
        _isReady = true;
        _logger.EdgeStarted(Address, _tables.Current.Source.Number, _tables.Current.Hosts.Count);
    }
}

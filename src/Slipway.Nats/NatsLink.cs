using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.KeyValueStore;

namespace Slipway.Nats;

/// <summary>This process's one connection: made and looked at once at the start, then kept up by the client for ever.</summary>
internal sealed class NatsLink : IAsyncDisposable
{
    /// <summary>The first with a limit for each subject that refuses what is new; older ones ignore it in silence.</summary>
    private static readonly Version Oldest = new(2, 9);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly NatsOptions _options;
    private readonly ILoggerFactory _logging;
    private NatsConnection? _connection;

    public NatsLink(IOptions<NatsOptions> options, ILoggerFactory logging)
    {
        (_options, _logging) = (options.Value, logging);
        Subjects = new Subjects(_options.Prefix);
    }

    public Subjects Subjects { get; }

    /// <summary>The connection stands again: what was on its way is lost, and was perhaps delivered.</summary>
    public event Action? Back;

    public NatsConnection Connection => _connection ?? throw new InvalidOperationException("not connected: OpenAsync comes first");

    public NatsJSContext JetStream { get => field ?? throw new InvalidOperationException("not connected: OpenAsync comes first"); private set; }

    public NatsKVContext KeyValues { get => field ?? throw new InvalidOperationException("not connected: OpenAsync comes first"); private set; }

    /// <summary>Null while it is there, else what to tell people.</summary>
    public string? Fault => _connection?.ConnectionState == NatsConnectionState.Open ? null : $"the NATS server at {_options.Url} does not answer; jobs, logs and results wait for it";

    /// <exception cref="NatsStartException">It cannot be used as it is set.</exception>
    public async Task OpenAsync(CancellationToken ct)
    {
        if (_connection is not null) return;
        if (_options.Fault() is { } fault) throw new NatsStartException(fault);
        var connection = new NatsConnection(ToClient());
        try
        {
            await connection.ConnectAsync().AsTask().WaitAsync(ConnectTimeout, ct);
            Look(connection);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await connection.DisposeAsync();
            throw e as NatsStartException ?? Explain(e);
        }

        // The client's own words are for its makers; these are for who runs Slipway.
        var log = _logging.CreateLogger<NatsLink>();
        connection.ConnectionDisconnected += (_, _) => { log.LinkLost(_options.Url); return ValueTask.CompletedTask; };
        connection.ConnectionOpened += (_, _) =>
        {
            log.LinkBack(_options.Url);
            Back?.Invoke();
            return ValueTask.CompletedTask;
        };
        _connection = connection;
        JetStream = new NatsJSContext(connection);
        KeyValues = new NatsKVContext(JetStream);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
    }

    private NatsOpts ToClient() => new()
    {
        Url = _options.Url,
        Name = $"slipway on {Environment.MachineName}",
        LoggerFactory = _logging,
        // Answers to claims hold secrets: a role that may subscribe to another's inboxes reads them.
        InboxPrefix = $"_INBOX_{(_options.Username.Length > 0 ? _options.Username : _options.Prefix)}",
        MaxReconnectRetry = -1,
        ReconnectWaitMin = TimeSpan.FromMilliseconds(100),
        ReconnectWaitMax = TimeSpan.FromSeconds(2),
        // A server that was restarted with users that are not there yet is asked again.
        IgnoreAuthErrorAbort = true,
        RequestTimeout = TimeSpan.FromSeconds(5),
        CommandTimeout = TimeSpan.FromSeconds(10),
        AuthOpts = new NatsAuthOpts
        {
            Username = _options.Username.Length > 0 ? _options.Username : null,
            Password = NatsOptions.Read(_options.PasswordFile)?.Reveal(),
            Token = NatsOptions.Read(_options.TokenFile)?.Reveal(),
            NKeyFile = null,
            NKey = NatsOptions.Read(_options.SeedFile) is { } seed ? NKeyOf(seed.Reveal()) : null,
            Seed = NatsOptions.Read(_options.SeedFile)?.Reveal(),
        },
        TlsOpts = new NatsTlsOpts
        {
            Mode = _options.Url.Contains("tls://", StringComparison.Ordinal) ? TlsMode.Require : _options.AuthorityFile.Length > 0 ? TlsMode.Require : TlsMode.Auto,
            CaFile = _options.AuthorityFile.Length > 0 ? _options.AuthorityFile : null,
            CertFile = _options.CertificateFile.Length > 0 ? _options.CertificateFile : null,
            KeyFile = _options.KeyFile.Length > 0 ? _options.KeyFile : null,
        },
    };

    private static string NKeyOf(string seed) => NATS.NKeys.KeyPair.FromSeed(seed).GetPublicKey();

    private static void Look(NatsConnection connection)
    {
        var server = connection.ServerInfo ?? throw new NatsStartException("the NATS server did not say who it is");
        var number = server.Version.Split('-')[0];
        if (!Version.TryParse(number, out var version) || version < Oldest) throw new NatsStartException($"the NATS server is {server.Version}, and {Oldest} or newer is needed: older ones ignore newer options in silence");
        if (!server.JetStreamAvailable) throw new NatsStartException("the NATS server runs without JetStream: start it with -js (and -sd FOLDER), or give it a jetstream {} block");
    }

    private NatsStartException Explain(Exception e)
    {
        var said = string.Join(": ", Chain(e).Select(x => x.Message).Distinct());
        var at = $"the NATS server at {_options.Url}";
        if (Has(said, "Authorization Violation", "authentication", "User Authentication") && Chain(e).All(x => x is not AuthenticationException)) return new NatsStartException($"{at} does not let us in; check {NatsOptions.Section}:{Credential()}", e);
        if (Has(said, "requires TLS", "TLS is required", "tls_required", "Secure Connection")) return new NatsStartException($"{at} asks for TLS: write {NatsOptions.Section}:Url as tls://…", e);
        if (Has(said, "does not support TLS", "TLS is not available", "server does not support")) return new NatsStartException($"{at} has no TLS; mend it, or write {NatsOptions.Section}:Url as nats://… where the network is yours alone", e);
        if (Chain(e).Any(x => x is AuthenticationException) || Has(said, "certificate", "SSL", "TLS"))
        {
            return new NatsStartException($"{at} and we do not trust each other: {said}; check {NatsOptions.Section}:AuthorityFile (who signed its certificate, and until when) and {NatsOptions.Section}:CertificateFile with KeyFile (where it asks for ours)", e);
        }

        return new NatsStartException($"{at} cannot be reached ({said}); start it, or check {NatsOptions.Section}:Url", e);
    }

    private string Credential() => _options.TokenFile.Length > 0 ? "TokenFile" : _options.SeedFile.Length > 0 ? "SeedFile" : "Username and PasswordFile";

    private static IEnumerable<Exception> Chain(Exception? e)
    {
        for (; e is not null; e = e.InnerException) yield return e;
    }

    private static bool Has(string said, params ReadOnlySpan<string> any)
    {
        foreach (var words in any)
        {
            if (said.Contains(words, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}

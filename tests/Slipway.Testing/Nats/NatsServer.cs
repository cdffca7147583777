using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Slipway.Testing.BuildKit;
using Slipway.Testing.Hosting;

namespace Slipway.Testing.Nats;

/// <summary>How a test's server lets its clients in.</summary>
public enum NatsAccess
{
    /// <summary>Everybody, in clear.</summary>
    Open,

    /// <summary>TLS with a certificate on both sides, and the users and permissions of <c>deploy/nats/users.conf</c>.</summary>
    Users,
    Token,

    /// <summary>By an nkey: the server knows the public half only.</summary>
    Key,
}

/// <summary>A real nats-server with JetStream on loopback, in a folder that goes with it.</summary>
public sealed class NatsServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-nats-").FullName;
    private readonly string _program;
    private readonly string? _jetStream;
    private readonly NatsAccess _access;
    private Process? _process;

    private NatsServer(string program, NatsAccess access, string? jetStream) => (_program, _access, _jetStream, Port) = (program, access, jetStream, FreePort());

    public int Port { get; }

    public string Url => $"{(_access == NatsAccess.Users ? "tls" : "nats")}://127.0.0.1:{Port}";

    public TestAuthority Authority { get; } = new("nats");

    public string TokenFile => Path.Combine(_folder, "token");

    public string SeedFile => Path.Combine(_folder, "seed");

    public int Pid => _process?.Id ?? 0;

    /// <summary>What a user was not let do, in the server's words.</summary>
    public System.Collections.Concurrent.ConcurrentBag<string> Refusals { get; } = [];

    public string PasswordFile(string user) => Path.Combine(_folder, $"{user}.password");

    /// <summary>First thing in a test.</summary>
    public static void Require()
    {
        if (File.Exists("/usr/sbin/nats-server") || File.Exists("/usr/bin/nats-server")) return;
        const string missing = "nats-server is not installed: apt-get install nats-server (./test does it)";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
        Assert.Skip(missing);
    }

    /// <param name="jetStream">More lines of its <c>jetstream</c> block; null: it has none.</param>
    /// <param name="program">Another than the installed one.</param>
    public static async Task<NatsServer> StartAsync(NatsAccess access = NatsAccess.Open, string? jetStream = "", string? program = null)
    {
        if (program is null) Require();
        var server = new NatsServer(program ?? HostTool.Find("nats-server"), access, jetStream);
        await server.ConfigureAsync();
        await server.ResumeAsync();
        return server;
    }

    /// <summary>Starts it, on what it held before.</summary>
    public async Task ResumeAsync()
    {
        var start = new ProcessStartInfo(_program, ["-c", ConfigFile]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start) ?? throw new InvalidOperationException("nats-server did not start");
        var said = new System.Text.StringBuilder();
        void Hear(object _, DataReceivedEventArgs e) { lock (said) said.AppendLine(e.Data); if (e.Data?.Contains("Violation", StringComparison.Ordinal) == true) Refusals.Add(e.Data); }
        _process.OutputDataReceived += Hear;
        _process.ErrorDataReceived += Hear;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Looking.UntilAsync(() =>
        {
            if (_process.HasExited) throw new InvalidOperationException($"nats-server ended: {said}");
            lock (said) return said.ToString().Contains("Server is ready", StringComparison.Ordinal) ? "up" : null;
        }, Patience, "nats-server is ready");
    }

    /// <summary>As by kill -9; what it has acknowledged stays.</summary>
    public async Task KillAsync()
    {
        if (_process is not { HasExited: false } process) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    /// <summary>The process stays and answers nothing, as behind a network that is cut, until <see cref="ThawAsync"/>.</summary>
    public Task FreezeAsync() => HostTool.RunAsync("kill", "-STOP", Pid.ToString(CultureInfo.InvariantCulture));

    public Task ThawAsync() => HostTool.RunAsync("kill", "-CONT", Pid.ToString(CultureInfo.InvariantCulture));

    /// <summary>One message, as that user sends it.</summary>
    /// <returns>False when the server did not take it into a stream.</returns>
    public async Task<bool> PublishAsync(string user, string subject, byte[] data)
    {
        await using var client = Client(user);
        var stored = await new NatsJSContext(client).PublishAsync(subject, data);
        return stored.Error is null;
    }

    /// <summary>Connected as a stranger's program would be.</summary>
    public NatsConnection Client(string user) => new(new NatsOpts
    {
        Url = Url,
        InboxPrefix = $"_INBOX_{user}",
        RequestTimeout = TimeSpan.FromSeconds(1),
        AuthOpts = _access == NatsAccess.Users ? new NatsAuthOpts { Username = user, Password = File.ReadAllText(PasswordFile(user)).Trim() } : NatsAuthOpts.Default,
        TlsOpts = _access == NatsAccess.Users
            ? new NatsTlsOpts { Mode = TlsMode.Require, CaFile = Authority.RootFile, CertFile = Authority.ClientFile, KeyFile = Authority.ClientKeyFile } : NatsTlsOpts.Default,
    });

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Gives it another certificate, by another authority or out of date; with the next start.</summary>
    public async Task PresentAsync(X509Certificate2 certificate)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "server.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(_folder, "server-key.pem"), certificate.GetECDsaPrivateKey()?.ExportPkcs8PrivateKeyPem());
    }

    private string ConfigFile => Path.Combine(_folder, "nats.conf");

    private async Task ConfigureAsync()
    {
        await PresentAsync(Authority.Server);
        var block = _jetStream is null ? "" : $"jetstream {{ store_dir: \"{_folder}/data\"\n{_jetStream}\n}}\n";
        await File.WriteAllTextAsync(ConfigFile, $"host: 127.0.0.1\nport: {Port}\n{block}{await AccessAsync()}");
    }

    private async Task<string> AccessAsync()
    {
        if (_access == NatsAccess.Open) return "";
        if (_access == NatsAccess.Token)
        {
            var token = RandomNumberGenerator.GetHexString(20, lowercase: true);
            await File.WriteAllTextAsync(TokenFile, token + "\n");
            return $"authorization {{ token: \"{token}\" }}\n";
        }

        if (_access == NatsAccess.Key)
        {
            using var pair = NATS.NKeys.KeyPair.CreatePair(NATS.NKeys.PrefixByte.User);
            await File.WriteAllTextAsync(SeedFile, pair.GetSeed() + "\n");
            return $"authorization {{ users: [ {{ nkey: {pair.GetPublicKey()} }} ] }}\n";
        }

        var secrets = "";
        foreach (var user in new[] { "control", "worker" })
        {
            var password = RandomNumberGenerator.GetHexString(20, lowercase: true);
            await File.WriteAllTextAsync(PasswordFile(user), password + "\n");
            secrets += $"{user.ToUpperInvariant()}_PASSWORD: \"{password}\"\n";
        }

        return $$"""
            tls { cert_file: "{{_folder}}/server.pem", key_file: "{{_folder}}/server-key.pem", ca_file: "{{Authority.RootFile}}", verify: true }
            {{secrets}}
            """ + await File.ReadAllTextAsync(Path.Combine(Golden.Root, "deploy", "nats", "users.conf"));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

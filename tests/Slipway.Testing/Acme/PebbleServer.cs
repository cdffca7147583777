using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Testing.BuildKit;
using Slipway.Testing.Hosting;

namespace Slipway.Testing.Acme;

/// <summary>
/// A real ACME authority on loopback: Pebble, which validates for real by the DNS of its own that stands beside it (every name is 127.0.0.1), at
/// the HTTP port that a test gives it. TXT records are written by lego's provider <c>httpreq</c>, through <see cref="DnsEndpoint"/>.
/// </summary>
public sealed class PebbleServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-pebble-").FullName;
    private readonly TestAuthority _authority = new("pebble");
    private readonly HttpClient _http;
    private readonly int _port = FreePort(), _management = FreePort(), _dns = FreePort(), _dnsManagement = FreePort();
    private readonly System.Text.StringBuilder _said = new();
    private Process? _pebble;
    private Process? _names;
    private WebApplication? _bridge;

    public PebbleServer() => _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        SslOptions = { CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _authority.Root }, RevocationMode = X509RevocationMode.NoCheck } },
    });

    public string DirectoryUrl => $"https://127.0.0.1:{_port}/dir";

    /// <summary>Who signed the directory's own certificate.</summary>
    public string AuthorityFile => _authority.RootFile;

    /// <summary>The DNS of that little world.</summary>
    public string Resolver => $"127.0.0.1:{_dns}";

    /// <summary>Where lego's <c>httpreq</c> writes records: <c>HTTPREQ_ENDPOINT</c>.</summary>
    public string DnsEndpoint { get; private set; } = "";

    /// <summary>All that it printed.</summary>
    public string Log
    {
        get { lock (_said) return _said.ToString(); }
    }

    /// <summary>First thing in a test.</summary>
    public static void Require()
    {
        if (File.Exists("/usr/bin/pebble") && File.Exists("/usr/bin/lego")) return;
        const string missing = "pebble or lego is not installed: apt-get install pebble lego (./test does it)";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
        Assert.Skip(missing);
    }

    /// <summary>The DNS and the way to write to it; nobody gives certificates yet.</summary>
    public async Task StartDnsAsync()
    {
        _names = Start("pebble-challtestsrv", new Dictionary<string, string>(), "-dns01", Resolver, "-management", $"127.0.0.1:{_dnsManagement}", "-http01", "", "-https01", "", "-tlsalpn01", "", "-defaultIPv6", "");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _bridge = builder.Build();
        _bridge.MapPost("/present", (HttpRequest request) => RecordAsync(request, "set-txt"));
        _bridge.MapPost("/cleanup", (HttpRequest request) => RecordAsync(request, "clear-txt"));
        await _bridge.StartAsync();
        DnsEndpoint = _bridge.Urls.First();
        await Looking.ListensAsync(new Uri($"http://127.0.0.1:{_dnsManagement}/"), Patience);
    }

    /// <param name="httpPort">Where it looks for HTTP-01 answers.</param>
    /// <param name="validFor">How long its certificates are.</param>
    public async Task StartAsync(int httpPort, TimeSpan validFor)
    {
        var (certificate, key, config) = (Path.Combine(_folder, "pebble.pem"), Path.Combine(_folder, "pebble-key.pem"), Path.Combine(_folder, "pebble.json"));
        await File.WriteAllTextAsync(certificate, _authority.Server.ExportCertificatePem());
        await File.WriteAllTextAsync(key, _authority.Server.GetECDsaPrivateKey()?.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(config, new JsonObject
        {
            ["pebble"] = new JsonObject
            {
                ["listenAddress"] = $"127.0.0.1:{_port}",
                ["managementListenAddress"] = $"127.0.0.1:{_management}",
                ["certificate"] = certificate,
                ["privateKey"] = key,
                ["httpPort"] = httpPort,
                ["tlsPort"] = 1,
                ["ocspResponderURL"] = "",
                ["externalAccountBindingRequired"] = false,
                ["certificateValidityPeriod"] = (long)validFor.TotalSeconds,
            },
        }.ToJsonString());
        // A name that is proved stays proved, as with the real ones: a renewal is quick.
        var settings = new Dictionary<string, string> { ["PEBBLE_VA_NOSLEEP"] = "1", ["PEBBLE_VA_ALWAYS_VALID"] = "0", ["PEBBLE_AUTHZREUSE"] = "100", ["PEBBLE_WFE_NONCEREJECT"] = "5" };
        _pebble = Start("pebble", settings, "-config", config, "-dnsserver", Resolver, "-strict=false");
        await Looking.UntilAsync(async () => _pebble.HasExited ? throw new InvalidOperationException($"pebble ended: {Log}") : await AnswersAsync() ? "up" : null, Patience, "pebble answers");
    }

    /// <summary>Nobody finds that name any more.</summary>
    public async Task FailAsync(string host)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri($"http://127.0.0.1:{_dnsManagement}/set-servfail"), new { host = $"{host}." });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>As by kill -9. It keeps nothing: the next one knows no account.</summary>
    public Task KillAsync() => KillAsync(_pebble);

    /// <summary>By whom what it gives is trusted.</summary>
    public async Task<X509Certificate2> RootAsync() => X509Certificate2.CreateFromPem(await _http.GetStringAsync(new Uri($"https://127.0.0.1:{_management}/roots/0")));

    public async ValueTask DisposeAsync()
    {
        await KillAsync(_pebble);
        await KillAsync(_names);
        if (_bridge is not null) await _bridge.DisposeAsync();
        _http.Dispose();
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<IResult> RecordAsync(HttpRequest request, string verb)
    {
        var asked = await request.ReadFromJsonAsync<JsonObject>();
        using var answer = await _http.PostAsJsonAsync(new Uri($"http://127.0.0.1:{_dnsManagement}/{verb}"), new { host = asked?["fqdn"]?.GetValue<string>(), value = asked?["value"]?.GetValue<string>() });
        return Results.StatusCode((int)answer.StatusCode);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(DirectoryUrl));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Process Start(string program, Dictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo(HostTool.Find(program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        foreach (var (name, value) in settings) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.OutputDataReceived += Hear;
        process.ErrorDataReceived += Hear;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Hear(object _, DataReceivedEventArgs e)
        {
            lock (_said) _said.AppendLine(string.Create(CultureInfo.InvariantCulture, $"{program}: {e.Data}"));
        }
    }

    private static async Task KillAsync(Process? process)
    {
        if (process is null) return;
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Client;
using Slipway.Testing.Hosting;

namespace EndToEnd.Tests;

/// <summary>A Slipway of its own: a home in a temporary folder, an edge on a free port, taken down with all it made.</summary>
public class Installation : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(9);

    public Installation() : this(new Dictionary<string, string>()) { }

    internal Installation(IReadOnlyDictionary<string, string> more)
    {
        Home = Directory.CreateTempSubdirectory("slipway-e2e-").FullName;
        Port = FreePort();
        var settings = new Dictionary<string, string>
        {
            ["SLIPWAY_HOME"] = Home,
            ["SLIPWAY_PORT"] = $"{Port}",
            ["NO_COLOR"] = "1",
            // Short waits in tests; each is a setting that users have too.
            ["Slipway__Runtime__StartDeadline"] = "00:00:12",
            ["Slipway__Runtime__StopGrace"] = "00:00:02",
            ["Slipway__Pipeline__DrainTimeout"] = "00:00:02",
            ["Slipway__Pipeline__LeaseDuration"] = "00:00:06",
            ["Slipway__Edge__DrainTimeout"] = "00:00:02",
            ["Slipway__Storage__KeepDeployments"] = "3",
            ["Slipway__Storage__UploadGrace"] = "00:00:00",
            ["Slipway__Storage__BranchesEvery"] = "00:00:05",
            ["Slipway__Sources__AllowPrivate__0"] = "127.0.0.1",
        };
        foreach (var (name, value) in more) settings[name] = value;
        Environment = settings;
    }

    public string Home { get; }

    public int Port { get; }

    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>The whole API, with the home's token.</summary>
    public SlipwayClient Api => new(new Uri(ApiAddress), Token);

    public virtual string ApiAddress => RunFile("server")["address"]!.GetValue<string>();

    public virtual string Token => File.ReadAllText(Path.Combine(Home, "keys", "token")).Trim();

    public virtual string HomeId => File.ReadAllText(Path.Combine(Home, "home.id")).Trim();

    public int ServerPid => RunFile("server")["pid"]!.GetValue<int>();

    public int EdgePid => RunFile("edge")["pid"]!.GetValue<int>();

    public virtual async ValueTask InitializeAsync()
    {
        var up = await RunAsync("up");
        Assert.True(up.ExitCode == 0, up.ToString());
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        try
        {
            foreach (var project in await Api.ListProjectsAsync(CancellationToken.None)) await Api.RemoveProjectAsync(project.Name, CancellationToken.None);
        }
        finally
        {
            var id = HomeId;
            await StopAsync();
            // That leaves apps and their fence; a test leaves nothing.
            foreach (var (program, arguments) in new[] { ("nft", new[] { "delete", "table", "inet", $"slipway_{id}" }), ("/usr/bin/docker", ["network", "rm", $"slipway-serve-{id}"]) })
            {
                var start = new ProcessStartInfo(program, arguments);
                if (Environment.TryGetValue("DOCKER_HOST", out var engine)) start.Environment["DOCKER_HOST"] = engine;
                using var cleaning = Process.Start(start)!;
                await cleaning.WaitForExitAsync();
            }

            Directory.Delete(Home, recursive: true);
        }
    }

    protected virtual Task StopAsync() => RunAsync("down");

    internal Task<Ran> RunAsync(params string[] arguments) => Checkout.RunAsync(Environment, null, Long, arguments);

    internal Task<Ran> RunWithInputAsync(string input, params string[] arguments) => Checkout.RunAsync(Environment, input, Long, arguments);

    internal Process Start(params string[] arguments) => Checkout.Start(Environment, arguments);

    /// <summary>Deploys an example and expects its JSON document; the exit code is the caller's to judge.</summary>
    internal async Task<(int ExitCode, JsonNode Json, Ran Ran)> DeployAsync(params string[] arguments)
    {
        var ran = await RunAsync(["deploy", .. arguments, "--json"]);
        return (ran.ExitCode, Json(ran), ran);
    }

    internal static JsonNode Json(Ran ran)
    {
        try
        {
            return JsonNode.Parse(ran.Output) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"stdout holds no one JSON document: {e.Message}\n{ran}");
        }
    }

    /// <summary>One GET through the edge, with the public name in the Host header, as *.localhost has no resolver everywhere.</summary>
    public async Task<(int Status, string Body)> GetAsync(string url, string path = "/", string? password = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{Port}{path}"));
        request.Headers.Host = new Uri(url).Authority;
        if (password is not null) request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"any:{password}")));
        using var response = await http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Waits for a deployment's end by its own log stream.</summary>
    public async Task<DeploymentView> EndOfAsync(string id, TimeSpan? limit = null)
    {
        using var timeout = new CancellationTokenSource(limit ?? TimeSpan.FromMinutes(5));
        using var api = Api;
        await foreach (var happened in api.FollowAsync(id, 0, TimeSpan.FromMinutes(2), timeout.Token))
        {
            if (happened is LogEvent.End end) return end.Value;
        }

        throw new InvalidOperationException("the stream ended without its last event");
    }

    /// <summary>Waits until the store says so; each look is one request.</summary>
    public async Task<DeploymentView> UntilAsync(string id, Func<DeploymentView, bool> isThere, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var now = await Api.GetDeploymentAsync(id, CancellationToken.None);
            if (isThere(now)) return now;
            Assert.True(clock.Elapsed < limit, $"{id} is still {now.State} ({now.Failure?.Message}) after {limit}");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>The name of the worker that claimed it last.</summary>
    public async Task<string> WorkerOfAsync(string id)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        http.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", Token);
        var events = JsonNode.Parse(await http.GetStringAsync(new Uri($"{ApiAddress}/v1/deployments/{id}/events")))!.AsArray();
        return events.Select(e => e!["event"]?["worker"]?.GetValue<string>()).Last(w => w is not null)!;
    }

    /// <summary>The project's newest deployment, once there is one other than <paramref name="than"/>.</summary>
    public Task<string> NewestAsync(string project, string? than = null) => Looking.UntilAsync(async () =>
        (await Api.ListDeploymentsAsync(null, 100, all: true, CancellationToken.None)).FirstOrDefault(d => d.Project == project && d.Id != than)?.Id, TimeSpan.FromMinutes(3), $"a deployment of {project}");

    /// <summary>Until its log says so.</summary>
    /// <param name="byProgram">In the words of a program that it runs, not in Slipway's own.</param>
    public async Task SaysAsync(string id, string text, bool byProgram = false)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var api = Api;
        await foreach (var happened in api.FollowAsync(id, 0, TimeSpan.FromMinutes(1), limit.Token))
        {
            if (happened is LogEvent.Line { Value: { } line } && line.Text.Contains(text, StringComparison.Ordinal) && !(byProgram && line.Stream == "system")) return;
            Assert.False(happened is LogEvent.End, $"the deployment ended before it said '{text}'");
        }
    }

    private JsonNode RunFile(string role) => JsonNode.Parse(File.ReadAllText(Path.Combine(Home, "run", $"{role}.json")))!;

    protected static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>All stories of a run share one engine, one home and its caches, and run one after the other.</summary>
[CollectionDefinition(nameof(OneMachine))]
public sealed class OneMachine : ICollectionFixture<Installation>;

using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Slipway.Client;

/// <summary>Slipway's public API. All methods throw <see cref="SlipwayApiException"/> when the server refuses or does not answer.</summary>
public sealed partial class SlipwayClient : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <param name="address">The API's base address: <c>http://127.0.0.1:7420</c>.</param>
    /// <param name="token">The API token.</param>
    public SlipwayClient(Uri address, string token, TimeProvider? time = null, HttpMessageHandler? handler = null)
    {
        _time = time ?? TimeProvider.System;
        _http = new HttpClient(handler ?? new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { BaseAddress = address, Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
    }

    /// <summary>Queues a deployment.</summary>
    public Task<DeploymentView> CreateDeploymentAsync(CreateDeployment body, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, "/v1/deployments", Body(body, SlipwayJson.Default.CreateDeployment), SlipwayJson.Default.DeploymentView, ct);

    /// <summary>One deployment by id, hash or project name (its latest).</summary>
    public Task<DeploymentView> GetDeploymentAsync(string id, CancellationToken ct) => GetAsync($"/v1/deployments/{Escape(id)}", SlipwayJson.Default.DeploymentView, ct);

    /// <summary>Newest first; without the ended ones unless <paramref name="all"/>.</summary>
    public Task<List<DeploymentView>> ListDeploymentsAsync(string? project, int limit, bool all, CancellationToken ct)
    {
        var narrowed = project is null ? "" : $"&project={Escape(project)}";
        return GetAsync(string.Create(CultureInfo.InvariantCulture, $"/v1/deployments?limit={limit}&all={(all ? "true" : "false")}{narrowed}"), SlipwayJson.Default.ListDeploymentView, ct);
    }

    /// <summary>Stops it.</summary>
    public Task<DeploymentView> CancelAsync(string id, CancellationToken ct) => SendAsync(HttpMethod.Post, $"/v1/deployments/{Escape(id)}/cancel", null, SlipwayJson.Default.DeploymentView, ct);

    /// <summary>Deploys the same source again.</summary>
    public Task<DeploymentView> RedeployAsync(string id, CancellationToken ct) => RedeployAsync(id, isProduction: false, ct);

    /// <param name="isProduction">It becomes production; a project's name then means what serves production now, else the project's latest.</param>
    public Task<DeploymentView> RedeployAsync(string id, bool isProduction, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, $"/v1/deployments/{Escape(id)}/redeploy?trigger=cli{(isProduction ? "&production=true" : "")}", null, SlipwayJson.Default.DeploymentView, ct);

    /// <summary>Jobs that were given up, newest first.</summary>
    public Task<List<FailedJobView>> FailedJobsAsync(CancellationToken ct) => GetAsync("/v1/admin/failed-jobs", SlipwayJson.Default.ListFailedJobView, ct);

    /// <summary>Builds one of them again, as a new deployment.</summary>
    public Task<DeploymentView> ReplayFailedJobAsync(long sequence, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"/v1/admin/failed-jobs/{sequence}/replay"), null, SlipwayJson.Default.DeploymentView, ct);

    /// <summary>Takes one of them out of the list.</summary>
    public Task RemoveFailedJobAsync(long sequence, CancellationToken ct) => SendAsync(HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"/v1/admin/failed-jobs/{sequence}"), null, ct);

    /// <summary>Takes one deployment away.</summary>
    public Task RemoveDeploymentAsync(string id, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"/v1/deployments/{Escape(id)}", null, ct);

    /// <summary>Uploads a .tar.gz as it is written, without knowing its length.</summary>
    public async Task<UploadView> UploadAsync(Stream archive, CancellationToken ct)
    {
        using var content = new StreamContent(archive, 128 * 1024);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/gzip");
        using var response = await SendAsync(HttpMethod.Post, "/v1/uploads", content, System.Threading.Timeout.InfiniteTimeSpan, HttpCompletionOption.ResponseContentRead, ct);
        return await ReadAsync(response, SlipwayJson.Default.UploadView, ct);
    }

    /// <summary>Stored lines after a sequence number, a page of them; none when there are no more.</summary>
    public Task<List<LogLineView>> LogsAsync(string id, long after, CancellationToken ct) =>
        GetAsync(string.Create(CultureInfo.InvariantCulture, $"/v1/deployments/{Escape(id)}/logs?after={after}&limit=10000"), SlipwayJson.Default.ListLogLineView, ct);

    /// <summary>The steps of its latest build, in the order in which they began.</summary>
    public Task<List<StepView>> StepsAsync(string id, CancellationToken ct) => GetAsync($"/v1/deployments/{Escape(id)}/steps", SlipwayJson.Default.ListStepView, ct);

    /// <summary>What is stored, then what comes, until the log is complete. A broken connection is taken up where it broke; a server that is down for longer than <paramref name="patience"/> ends it with an exception.</summary>
    public IAsyncEnumerable<LogEvent> FollowAsync(string id, long after, TimeSpan patience, CancellationToken ct)
    {
        var last = after;
        return ResumingAsync(() => StreamOnceAsync(id, last, ct), Seen, patience, ct);

        bool Seen(LogEvent current)
        {
            if (current is LogEvent.Line line) last = line.Value.Sequence;
            return current is LogEvent.End;
        }
    }

    /// <summary>The last lines that the app of a deployment printed; a project's name means all its deployments.</summary>
    public Task<List<RuntimeLineView>> RuntimeLogAsync(string id, int tail, DateTimeOffset? since, CancellationToken ct) =>
        GetAsync($"/v1/deployments/{Escape(id)}/runtime-logs{Lines(tail, since, null)}", SlipwayJson.Default.ListRuntimeLineView, ct);

    /// <summary>What deployments that run or sleep use and how they answer; <paramref name="project"/> null: of all projects.</summary>
    public Task<List<DeploymentMetricsView>> MetricsAsync(string? project, CancellationToken ct) =>
        GetAsync($"/v1/metrics{(project is null ? "" : $"?project={Escape(project)}")}", SlipwayJson.Default.ListDeploymentMetricsView, ct);

    /// <summary>The last lines, then what comes, over restarts of the app and of the server, until it is no longer to run; of a project also over its next deployments, until it is removed.</summary>
    /// <inheritdoc cref="FollowAsync"/>
    public async IAsyncEnumerable<RuntimeLineView> FollowRuntimeLogAsync(string id, int tail, DateTimeOffset? since, TimeSpan patience, [EnumeratorCancellation] CancellationToken ct)
    {
        long? last = null;
        await foreach (var line in ResumingAsync(() => RuntimeLinesOnceAsync(id, Lines(tail, since, last), ct), Seen, patience, ct))
            if (line is not null) yield return line;

        bool Seen(RuntimeLineView? line)
        {
            last = line?.Number ?? last;
            return line is null;
        }
    }

    /// <summary>A stream that is asked for anew where it broke.</summary>
    /// <param name="isLast">Told of each item; true ends it.</param>
    private async IAsyncEnumerable<T> ResumingAsync<T>(Func<IAsyncEnumerable<T>> once, Func<T, bool> isLast, TimeSpan patience, [EnumeratorCancellation] CancellationToken ct)
    {
        var pause = TimeSpan.FromMilliseconds(200);
        long? brokenSince = null;
        while (true)
        {
            await using var items = once().GetAsyncEnumerator(ct);
            while (true)
            {
                T current;
                try
                {
                    if (!await items.MoveNextAsync()) break;
                    current = items.Current;
                }
                catch (Exception e) when (!ct.IsCancellationRequested && (e is IOException or HttpRequestException || e is SlipwayApiException { Status: null or >= 500 }))
                {
                    brokenSince ??= _time.GetTimestamp();
                    if (_time.GetElapsedTime(brokenSince.Value) > patience) throw;
                    break;
                }

                brokenSince = null;
                pause = TimeSpan.FromMilliseconds(200);
                var ends = isLast(current);
                yield return current;
                if (ends) yield break;
            }

            await Task.Delay(pause, _time, ct);
            pause = pause * 2 > LongestPause ? LongestPause : pause * 2;
        }
    }

    /// <summary>Runs a command in a deployment's instance; a project's name means its production.</summary>
    public async Task<ExecSession> ExecAsync(string id, ExecStart start, CancellationToken ct)
    {
        var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(Timeout);
            var address = new UriBuilder(new Uri(_http.BaseAddress ?? throw new InvalidOperationException("no address"), $"/v1/deployments/{Escape(id)}/exec"));
            address.Scheme = address.Scheme == "https" ? "wss" : "ws";
            await socket.ConnectAsync(address.Uri, _http, limit.Token);
            var session = new ExecSession(socket);
            await session.StartAsync(start, limit.Token);
            return session;
        }
        catch (WebSocketException e)
        {
            var status = (int)socket.HttpStatusCode;
            socket.Dispose();
            throw status == 0
                ? new SlipwayApiException($"Slipway does not answer at {_http.BaseAddress}: {e.InnerException?.Message ?? e.Message}", null, "api.unreachable", null, "see what runs with: slipway status", e)
                : new SlipwayApiException($"the server answered {status}", status, $"http.{status}", null, null, e);
        }
        catch (OperationCanceledException e)
        {
            socket.Dispose();
            if (ct.IsCancellationRequested) throw;
            throw new SlipwayApiException($"Slipway at {_http.BaseAddress} did not answer within {Timeout.TotalSeconds:0} s", null, "api.timeout", null, "see what runs with: slipway status", e);
        }
    }

    /// <summary>What runs and what it uses.</summary>
    public Task<StatusView> StatusAsync(CancellationToken ct) => GetAsync("/v1/status", SlipwayJson.Default.StatusView, ct);

    /// <summary>A one-use login link for a browser; <paramref name="path"/> is where it leads.</summary>
    public Task<LoginLinkView> CreateLoginLinkAsync(string? path, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, $"/v1/auth/links{(path is null ? "" : $"?path={Escape(path)}")}", null, SlipwayJson.Default.LoginLinkView, ct);

    /// <summary>The server can take work. Never throws for a server that is down.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        try
        {
            using var response = await SendAsync(HttpMethod.Get, "/health/ready", null, TimeSpan.FromSeconds(5), HttpCompletionOption.ResponseHeadersRead, ct);
            return true;
        }
        catch (SlipwayApiException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async IAsyncEnumerable<LogEvent> StreamOnceAsync(string id, long after, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var item in EventsAsync(string.Create(CultureInfo.InvariantCulture, $"/v1/deployments/{Escape(id)}/logs/stream?after={after}"), ct))
        {
            switch (item.EventType)
            {
                case "line" when JsonSerializer.Deserialize(item.Data, SlipwayJson.Default.LogLineView) is { } line:
                    yield return new LogEvent.Line(line);
                    break;
                case "state" when JsonSerializer.Deserialize(item.Data, SlipwayJson.Default.DeploymentView) is { } state:
                    yield return new LogEvent.State(state);
                    break;
                case "end" when JsonSerializer.Deserialize(item.Data, SlipwayJson.Default.DeploymentView) is { } end:
                    yield return new LogEvent.End(end);
                    yield break;
            }
        }
    }

    /// <summary>Null is the end.</summary>
    private async IAsyncEnumerable<RuntimeLineView?> RuntimeLinesOnceAsync(string id, string which, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var item in EventsAsync($"/v1/deployments/{Escape(id)}/runtime-logs/stream{which}", ct))
        {
            if (item.EventType == "line" && JsonSerializer.Deserialize(item.Data, SlipwayJson.Default.RuntimeLineView) is { } line) yield return line;
            if (item.EventType != "end") continue;
            yield return null;
            yield break;
        }
    }

    private static string Lines(int tail, DateTimeOffset? since, long? after) => string.Create(
        CultureInfo.InvariantCulture, $"?tail={tail}{(since is { } at ? $"&since={Escape(at.ToString("O", CultureInfo.InvariantCulture))}" : "")}{(after is { } number ? $"&after={number}" : "")}");

    private async IAsyncEnumerable<SseItem<string>> EventsAsync(string path, [EnumeratorCancellation] CancellationToken ct)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, System.Threading.Timeout.InfiniteTimeSpan, HttpCompletionOption.ResponseHeadersRead, ct);
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(ct)) yield return item;
    }

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct) => await SendAsync(HttpMethod.Get, path, null, type, ct);

    private async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken ct)
    {
        using var response = await SendAsync(method, path, content, Timeout, HttpCompletionOption.ResponseContentRead, ct);
        return await ReadAsync(response, type, ct);
    }

    private async Task SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        using var response = await SendAsync(method, path, content, Timeout, HttpCompletionOption.ResponseContentRead, ct);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, TimeSpan timeout, HttpCompletionOption completion, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout);
        using var request = new HttpRequestMessage(method, path) { Content = content };
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, completion, limit.Token);
        }
        catch (HttpRequestException e)
        {
            throw new SlipwayApiException($"Slipway does not answer at {_http.BaseAddress}: {e.Message}", null, "api.unreachable", null, "see what runs with: slipway status", e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new SlipwayApiException($"Slipway at {_http.BaseAddress} did not answer within {timeout.TotalSeconds:0} s", null, "api.timeout", null, "see what runs with: slipway status", e);
        }

        if (response.IsSuccessStatusCode) return response;
        using (response) throw await RefusedAsync(response, ct);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken ct) =>
        await response.Content.ReadFromJsonAsync(type, ct) ?? throw new SlipwayApiException("the server's answer was empty", (int)response.StatusCode, "api.invalid", null, null);

    private static async Task<SlipwayApiException> RefusedAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var status = (int)response.StatusCode;
        try
        {
            if (await response.Content.ReadFromJsonAsync(SlipwayJson.Default.ProblemView, ct) is { } problem)
            {
                return new SlipwayApiException(problem.Detail ?? problem.Title ?? $"the server answered {status}", status, problem.Code ?? $"http.{status}", problem.Field, problem.Hint);
            }
        }
        catch (JsonException)
        {
            // No problem document: the status has to do.
        }

        return new SlipwayApiException($"the server answered {status}", status, $"http.{status}", null, status == 401 ? "the token under $SLIPWAY_HOME/keys does not fit this server" : null);
    }

    private static JsonContent Body<T>(T body, JsonTypeInfo<T> type) => JsonContent.Create(body, type);

    private static string Escape(string part) => Uri.EscapeDataString(part);
}

using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;

namespace EndToEnd.Tests.ZeroDowntime;

/// <summary>People on an app's production host, without a pause: pages, posted bodies, streams and web sockets. Each does one thing
/// after another and notes what was not as it should be.</summary>
internal sealed class Visitors : IAsyncDisposable
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(5);

    private readonly string _host;
    private readonly int _port;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _all;

    /// <param name="isReadingOnly">They only fetch pages.</param>
    public Visitors(string url, int port, bool isReadingOnly = false)
    {
        (_host, _port) = (new Uri(url).Authority, port);
        _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };
        var readers = Enumerable.Range(0, 3).Select(_ => RunAsync("get", GetAsync));
        _all = isReadingOnly ? [.. readers] : [.. readers, RunAsync("post", PostAsync), RunAsync("stream", StreamAsync), RunAsync("socket", SocketAsync)];
    }

    /// <summary>What they did → how often it was right.</summary>
    public ConcurrentDictionary<string, int> Served { get; } = new();

    /// <summary>What went wrong, with the time.</summary>
    public ConcurrentQueue<string> Failures { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_all);
        _http.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync(string what, Func<Task<string?>> act)
    {
        // What has begun is brought to its end: only the next is not begun.
        while (!_end.IsCancellationRequested)
        {
            string? wrong;
            try
            {
                wrong = await act();
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException or WebSocketException)
            {
                wrong = $"{e.GetType().Name}: {e.GetBaseException().Message}";
            }

            if (wrong is null) Served.AddOrUpdate(what, 1, (_, n) => n + 1);
            else Failures.Enqueue($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {what}: {wrong}");
            await Task.Delay(Breath, TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task<string?> GetAsync()
    {
        using var response = await _http.SendAsync(Request(HttpMethod.Get, "/"));
        var body = await response.Content.ReadAsStringAsync();
        return (int)response.StatusCode == 200 && body.StartsWith("version ", StringComparison.Ordinal) ? null : $"{(int)response.StatusCode} {Short(body)}";
    }

    private async Task<string?> PostAsync()
    {
        var sent = new string('x', 32 << 10);
        var request = Request(HttpMethod.Post, "/echo");
        request.Content = new StringContent(sent);
        using var response = await _http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        return (int)response.StatusCode == 200 && body == sent ? null : $"{(int)response.StatusCode} {Short(body)}";
    }

    /// <summary>Ten events in a second, then the app's own end.</summary>
    private async Task<string?> StreamAsync()
    {
        using var response = await _http.SendAsync(Request(HttpMethod.Get, "/events"), HttpCompletionOption.ResponseHeadersRead);
        var body = await response.Content.ReadAsStringAsync();
        return (int)response.StatusCode == 200 && body.EndsWith("data: 10\n\n", StringComparison.Ordinal) ? null : $"{(int)response.StatusCode} {Short(body)}";
    }

    /// <summary>Ten words and their echoes in a second, then a clean close.</summary>
    private async Task<string?> SocketAsync()
    {
        using var socket = new ClientWebSocket();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        socket.Options.Proxy = null;
        socket.Options.SetRequestHeader("Host", _host);
        await socket.ConnectAsync(new($"ws://127.0.0.1:{_port}/socket"), patience.Token);
        var buffer = new byte[1024];
        for (var i = 0; i < 10; i++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"word {i}"), WebSocketMessageType.Text, true, patience.Token);
            var read = await socket.ReceiveAsync(buffer, patience.Token);
            if (Encoding.UTF8.GetString(buffer, 0, read.Count) != $"word {i}") return $"the echo of word {i} was {read.MessageType} {Encoding.UTF8.GetString(buffer, 0, read.Count)}";
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
        return null;
    }

    private HttpRequestMessage Request(HttpMethod method, string path) => new(method, path) { Headers = { Host = _host } };

    private static string Short(string body) => body.Length > 120 ? body[..120] : body;
}

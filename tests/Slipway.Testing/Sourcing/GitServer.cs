using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Slipway.Testing.Sourcing;

/// <summary>
/// A real git server for tests: <c>git http-backend</c> behind Kestrel on a free loopback port, over plain http.
/// Fetchers must list <see cref="Host"/> among the private hosts they may fetch from.
/// </summary>
public sealed class GitServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _root = Directory.CreateTempSubdirectory("slipway-git-server-").FullName;

    private GitServer(WebApplication app) => _app = app;

    /// <summary><c>127.0.0.1:port</c>.</summary>
    public string Host { get; private set; } = "";

    /// <summary>Asked of all requests as a Basic password, when set.</summary>
    public string? Token { get; set; }

    /// <summary>Speaks version 0 of the protocol and gives away only what a branch or tag points at, as old servers do.</summary>
    public bool GivesOnlyAdvertised { get; set; }

    /// <summary>Answers instead of git, when set: for servers that misbehave.</summary>
    public RequestDelegate? Instead { get; set; }

    /// <summary>The Authorization header of each request so far, "" where there was none.</summary>
    public ConcurrentQueue<string> Authorizations { get; } = new();

    public static async Task<GitServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var server = new GitServer(builder.Build());
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        server.Host = new Uri(server._app.Urls.Single()).Authority;
        return server;
    }

    public string Url(string repository) => $"http://{Host}/{repository}.git";

    /// <summary>The repository of that name, made when it is missing.</summary>
    public async Task<GitRepository> RepositoryAsync(string name)
    {
        var bare = Path.Combine(_root, "served", $"{name}.git");
        if (!Directory.Exists(bare)) await GitRepository.GitAsync(_root, ["init", "--quiet", "--bare", "--initial-branch=main", bare]);
        return new GitRepository(bare, Path.Combine(_root, "trees", name));
    }

    public async ValueTask DisposeAsync()
    {
        using (var atOnce = new CancellationTokenSource())
        {
            await atOnce.CancelAsync();
            await _app.StopAsync(atOnce.Token);
        }

        await _app.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        Authorizations.Enqueue(authorization);
        if (Instead is { } instead)
        {
            await instead(context);
            return;
        }

        if (Token is { } token && !authorization.EndsWith(Convert.ToBase64String(Encoding.UTF8.GetBytes($"x-access-token:{token}")), StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"git\"";
            return;
        }

        await RunBackendAsync(context);
    }

    /// <summary>CGI, as RFC 3875 has it: the request in the environment and on stdin, head and body on stdout.</summary>
    private async Task RunBackendAsync(HttpContext context)
    {
        var request = context.Request;
        var environment = new Dictionary<string, string>
        {
            ["GIT_PROJECT_ROOT"] = Path.Combine(_root, "served"),
            ["GIT_HTTP_EXPORT_ALL"] = "1",
            ["PATH_INFO"] = request.Path.Value ?? "",
            ["REQUEST_METHOD"] = request.Method,
            ["QUERY_STRING"] = request.QueryString.Value?.TrimStart('?') ?? "",
            ["CONTENT_TYPE"] = request.ContentType ?? "",
            ["HTTP_CONTENT_ENCODING"] = request.Headers.ContentEncoding.ToString(),
        };
        if (!GivesOnlyAdvertised) environment["GIT_PROTOCOL"] = request.Headers["Git-Protocol"].ToString();
        if (request.ContentLength is { } length) environment["CONTENT_LENGTH"] = length.ToString(CultureInfo.InvariantCulture);
        using var backend = GitRepository.Start(_root, ["http-backend"], environment);
        var errors = backend.StandardError.ReadToEndAsync();
        var input = FeedAsync(request.Body, backend.StandardInput.BaseStream);
        await using var answer = new BufferedStream(backend.StandardOutput.BaseStream, 64 * 1024);
        for (var line = ReadLine(answer); line.Length > 0; line = ReadLine(answer))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = (line[..colon], line[(colon + 1)..].Trim());
            if (name == "Status") context.Response.StatusCode = int.Parse(value[..3], CultureInfo.InvariantCulture);
            else context.Response.Headers[name] = value;
        }

        await answer.CopyToAsync(context.Response.Body);
        await input;
        await errors;
        await backend.WaitForExitAsync();
    }

    private static async Task FeedAsync(Stream body, Stream input)
    {
        await using (input)
        {
            try
            {
                await body.CopyToAsync(input);
            }
            catch (IOException)
            {
                // It had read enough.
            }
        }
    }

    private static string ReadLine(Stream stream)
    {
        var line = new StringBuilder();
        for (var b = stream.ReadByte(); b is not (-1 or '\n'); b = stream.ReadByte()) line.Append((char)b);
        return line.ToString().TrimEnd('\r');
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Slipway.Core;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Git;

internal sealed record GitAnswer(int ExitCode, string Output, string Error);

/// <summary>
/// The git program in one folder, with an environment of its own: no configuration of the host or the user, no prompts, no hooks,
/// no redirects, only the address that was checked. The token is in the environment, so in no argv and no file.
/// </summary>
internal sealed class GitProgram(SourceOptions options, GitUrl url, IPAddress address, Secret? token, string folder) : IDisposable
{
    private const int MaxOutput = 1 << 20;
    private readonly string _home = Directory.CreateTempSubdirectory("slipway-git-").FullName;

    public async Task<GitAnswer> RunAsync(IReadOnlyList<string> arguments, Action<string>? progress, CancellationToken ct)
    {
        var start = new ProcessStartInfo(options.GitProgram, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment.Clear();
        foreach (var (name, value) in Environment()) start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("git could not be started");
        process.StandardInput.Close();
        var output = ReadAsync(process.StandardOutput, null);
        var error = ReadAsync(process.StandardError, progress);
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new GitAnswer(process.ExitCode, await output, await error);
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private static async Task<string> ReadAsync(StreamReader reader, Action<string>? each)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (text.Length < MaxOutput) text.Append(line).Append('\n');
            each?.Invoke(line);
        }

        return text.ToString();
    }

    private Dictionary<string, string> Environment()
    {
        var own = System.Environment.GetEnvironmentVariables();
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = own["PATH"] as string ?? "/usr/bin:/bin",
            ["HOME"] = _home,
            ["LC_ALL"] = "C.UTF-8",
            ["GIT_TERMINAL_PROMPT"] = "0",
            ["GIT_ASKPASS"] = "/bin/false",
            ["GIT_CONFIG_NOSYSTEM"] = "1",
            ["GIT_CONFIG_GLOBAL"] = "/dev/null",
            ["GIT_ALLOW_PROTOCOL"] = url.Scheme == "http" ? "http:https" : "https:ssh",
            ["GIT_LFS_SKIP_SMUDGE"] = "1",
            // A constant: nothing of the user's is in it.
            ["GIT_SSH_COMMAND"] = "ssh -F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile=/dev/null -o ConnectTimeout=15",
        };
        foreach (var name in new[] { "SSL_CERT_FILE", "GIT_SSL_CAINFO", "SSH_AUTH_SOCK" })
        {
            if (own[name] is string value) all[name] = value;
        }

        var configuration = Configuration().ToList();
        all["GIT_CONFIG_COUNT"] = configuration.Count.ToString(CultureInfo.InvariantCulture);
        for (var i = 0; i < configuration.Count; i++)
        {
            all[$"GIT_CONFIG_KEY_{i}"] = configuration[i].Key;
            all[$"GIT_CONFIG_VALUE_{i}"] = configuration[i].Value;
        }

        return all;
    }

    private IEnumerable<KeyValuePair<string, string>> Configuration()
    {
        yield return new("core.hooksPath", "/dev/null");
        yield return new("http.followRedirects", "false");
        // Under one byte a second for half a minute is no server.
        yield return new("http.lowSpeedLimit", "1000");
        yield return new("http.lowSpeedTime", "30");
        yield return new("protocol.allow", "never");
        foreach (var allowed in url.Scheme == "http" ? new[] { "http", "https" } : ["https", "ssh"]) yield return new($"protocol.{allowed}.allow", "always");
        yield return new("transfer.fsckObjects", "true");
        yield return new("advice.detachedHead", "false");
        yield return new("filter.lfs.smudge", "");
        yield return new("filter.lfs.required", "false");
        yield return new("core.fsmonitor", "false");
        if (url.Scheme is "https" or "http")
        {
            var shown = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
            yield return new("http.curloptResolve", string.Create(CultureInfo.InvariantCulture, $"{url.Host}:{url.Port}:{shown}"));
        }

        if (token is not null)
        {
            var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"x-access-token:{token.Reveal()}"));
            yield return new($"http.{url.Scheme}://{url.Host}{(url.Port is 443 or 80 ? "" : $":{url.Port}")}/.extraHeader", $"Authorization: Basic {basic}");
        }
    }
}

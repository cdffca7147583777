using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.Core;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Git;

internal sealed record GitAnswer(int ExitCode, string Output, string Error);

/// <summary>
/// The git program in one folder, with an environment of its own: no configuration of the host or the user, no prompts, no hooks,
/// no redirects, only the address that was checked. The token is in the environment, so in no argv and no file.
/// </summary>
internal sealed class GitProgram(SourceOptions options, GitUrl url, IReadOnlyList<IPAddress> addresses, Secret? token, string folder, TimeProvider time) : IDisposable
{
    private const int MaxText = 1 << 20;

    /// <summary>How long a killed git may take to be gone.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);
    private readonly string _home = Directory.CreateTempSubdirectory("slipway-git-").FullName;

    /// <param name="onOutput">Gets each line of stdout; then none is kept.</param>
    /// <param name="onError">Gets each line of stderr, which is kept all the same.</param>
    public async Task<GitAnswer> RunAsync(IReadOnlyList<string> arguments, CancellationToken ct, Action<string>? onOutput = null, Action<string>? onError = null)
    {
        ct.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(options.GitProgram, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment.Clear();
        foreach (var (name, value) in Environment()) start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("git could not be started");
        process.StandardInput.Close();
        var (output, error) = (new StringBuilder(), new StringBuilder());
        var reading = Task.WhenAll(
            BoundedLines.ReadAsync(process.StandardOutput, onOutput ?? (line => Keep(output, line))),
            BoundedLines.ReadAsync(process.StandardError, line =>
            {
                Keep(error, line);
                onError?.Invoke(line);
            }));
        try
        {
            await process.WaitForExitAsync(ct);
            await reading.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            // Its children hold the same pipes: when these end, nothing writes any more into the folder that is about to be removed.
            await Task.WhenAny(reading, Task.Delay(Farewell, time, CancellationToken.None));
            throw;
        }

        return new GitAnswer(process.ExitCode, output.ToString(), error.ToString());
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private static void Keep(StringBuilder text, string line)
    {
        if (text.Length < MaxText) text.Append(line).Append('\n');
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
            // A shell reads this: nothing of the user's may be in it. The address is one we formatted ourselves.
            ["GIT_SSH_COMMAND"] = $"ssh -F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile=/dev/null -o ConnectTimeout=15 -o HostName={addresses[0]}",
            ["GIT_SSH_VARIANT"] = "ssh",
        };
        foreach (var name in new[] { "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "SSH_AUTH_SOCK" })
        {
            if (own[name] is string value) all[name] = value;
        }

        // git built on GnuTLS knows only its own variable.
        if (own["SSL_CERT_FILE"] is string bundle) all.TryAdd("GIT_SSL_CAINFO", bundle);

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
        // What old repositories are full of, and what harms nobody.
        foreach (var old in new[] { "zeroPaddedFilemode", "badTimezone", "missingSpaceBeforeDate", "missingEmail", "missingSpaceBeforeEmail", "badDate" }) yield return new($"fetch.fsck.{old}", "ignore");
        yield return new("gc.auto", "0");
        yield return new("advice.detachedHead", "false");
        yield return new("filter.lfs.smudge", "");
        yield return new("filter.lfs.required", "false");
        yield return new("core.fsmonitor", "false");
        if (url.Scheme is "https" or "http")
        {
            var shown = addresses.Select(a => a.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{a}]" : a.ToString());
            yield return new("http.curloptResolve", string.Create(CultureInfo.InvariantCulture, $"{url.Host}:{url.Port}:{string.Join(',', shown)}"));
        }

        if (token is not null)
        {
            var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"x-access-token:{token.Reveal()}"));
            yield return new($"http.{url.Scheme}://{url.Host}{(url.Port is 443 or 80 ? "" : $":{url.Port}")}/.extraHeader", $"Authorization: Basic {basic}");
        }
    }
}

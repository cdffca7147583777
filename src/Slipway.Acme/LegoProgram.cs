using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Options;
using Slipway.Core.Certificates;

namespace Slipway.Acme;

/// <param name="Errors">The end of what it printed to stderr, which is where lego says all.</param>
internal sealed record LegoRun(int ExitCode, string Errors);

/// <summary>Runs lego by an argument array, in an environment of its own: what of ours it has no use for it does not get.</summary>
internal sealed class LegoProgram(AcmePaths paths, IOptions<AcmeOptions> options, TimeProvider time)
{
    private const int MaxText = 64 * 1024;

    /// <summary>How this host reaches the world, and whom it trusts.</summary>
    private static readonly string[] Kept = ["PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy"];

    /// <exception cref="Win32Exception">It is not there, or may not be run.</exception>
    /// <exception cref="TimeoutException">It took too long, and was ended.</exception>
    public async Task<LegoRun> RunAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> variables, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(options.Value.Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        using var process = Process.Start(Start(arguments, variables)) ?? throw new Win32Exception("it did not start");
        process.StandardInput.Close();
        try
        {
            var (_, errors) = (process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, both.Token), EndOfAsync(process.StandardError, both.Token));
            await process.WaitForExitAsync(both.Token);
            return new LegoRun(process.ExitCode, await errors);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new TimeoutException($"the certificate was not there after {options.Value.Patience.TotalSeconds:0} s");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private ProcessStartInfo Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(options.Value.Program, arguments) { WorkingDirectory = paths.Account, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var name in Kept.Where(n => Environment.GetEnvironmentVariable(n) is not null)) start.Environment[name] = Environment.GetEnvironmentVariable(name);
        start.Environment["HOME"] = paths.Account;
        start.Environment["LANG"] = "C.UTF-8";
        if (options.Value.AuthorityFile.Length > 0) start.Environment["LEGO_CA_CERTIFICATES"] = options.Value.AuthorityFile;
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return start;
    }

    /// <summary>What went wrong stands last.</summary>
    private static async Task<string> EndOfAsync(StreamReader reader, CancellationToken ct)
    {
        var (buffer, text) = (new char[4096], new StringBuilder());
        for (var read = await reader.ReadAsync(buffer, ct); read > 0; read = await reader.ReadAsync(buffer, ct))
        {
            text.Append(buffer, 0, read);
            if (text.Length > MaxText) text.Remove(0, text.Length - MaxText / 2);
        }

        return text.ToString();
    }
}

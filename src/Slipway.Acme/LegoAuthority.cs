using System.ComponentModel;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Certificates;

namespace Slipway.Acme;

/// <summary>
/// One run of lego for one certificate, by HTTP-01 through the edge's folder or by DNS-01. Its own folder holds the account; what it made is
/// taken out of it, for the edge has a folder of its own.
/// </summary>
internal sealed class LegoAuthority(LegoProgram lego, AcmePaths paths, IOptions<AcmeOptions> options) : ICertificateAuthority, IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly SemaphoreSlim _one = new(1);

    public async Task<Outcome<Secret>> ObtainAsync(string name, CancellationToken ct)
    {
        // Two at once would both make the account.
        await _one.WaitAsync(ct);
        try
        {
            Directory.CreateDirectory(paths.Account, Private);
            var variables = DnsVariables.Read(options.Value, name);
            if (variables.IsFailure(out var failure)) return failure;
            var ran = await lego.RunAsync(Arguments(name), variables.Value, ct);
            if (ran.ExitCode == 0) return Take(name);
            if (LegoWords.IsAccountUnknown(ran.Errors)) ForgetAccount();
            return LegoWords.ToFailure(name, Without(variables.Value.Values, ran.Errors), options.Value);
        }
        catch (TimeoutException e)
        {
            return new Failure(CertificateFailures.Timeout, e.Message, $"raise {AcmeOptions.Section}:Patience, or see whether the authority and the name servers are reached from here");
        }
        catch (Win32Exception e)
        {
            return new Failure(CertificateFailures.ProgramMissing, $"{options.Value.Program}, which fetches certificates, cannot be run: {e.Message}",
                $"install it: sudo apt-get install lego, or run 'slipway up' as root, which does; or name it in {AcmeOptions.Section}:Program");
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    internal IReadOnlyList<string> Arguments(string name)
    {
        var o = options.Value;
        string[] proof = IsByDns(name)
            ? ["--dns", o.DnsProvider, .. o.DnsResolvers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).SelectMany(r => new[] { "--dns.resolvers", r }), .. o.DnsWait ? Array.Empty<string>() : ["--dns.disable-cp"]]
            : ["--http", "--http.webroot", paths.Challenges];
        return ["--path", paths.Account, "--server", o.DirectoryUrl.ToString(), "--accept-tos", "--email", o.Email, "--user-agent", "slipway", .. proof, "--domains", name, "run"];
    }

    internal static bool IsByDns(string name) => name.StartsWith("*.", StringComparison.Ordinal);

    private Outcome<Secret> Take(string name)
    {
        var made = Path.Combine(paths.Account, "certificates", name.Replace('*', '_'));
        try
        {
            return new Secret($"{File.ReadAllText($"{made}.crt").TrimEnd()}\n{File.ReadAllText($"{made}.key")}");
        }
        finally
        {
            foreach (var file in new[] { ".crt", ".key", ".issuer.crt", ".json" }) File.Delete(made + file);
        }
    }

    /// <summary>A provider may repeat what it was given; short values are words that stand everywhere.</summary>
    private static string Without(IEnumerable<string> secrets, string text) => secrets.Where(s => s.Length >= 6).Aggregate(text, (all, secret) => all.Replace(secret, "***", StringComparison.Ordinal));

    /// <summary>The key stays: by it the authority finds the account or makes it anew.</summary>
    private void ForgetAccount()
    {
        var accounts = Path.Combine(paths.Account, "accounts", options.Value.DirectoryUrl.Authority.Replace(':', '_'));
        if (Directory.Exists(accounts)) foreach (var account in Directory.GetFiles(accounts, "account.json", SearchOption.AllDirectories)) File.Delete(account);
    }
}

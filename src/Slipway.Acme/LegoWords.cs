using System.Text.RegularExpressions;
using Slipway.Core;
using Slipway.Core.Certificates;

namespace Slipway.Acme;

/// <summary>What lego printed, as a failure that says whose fault it is.</summary>
internal static partial class LegoWords
{
    private const int MaxMessage = 400;

    public static bool IsAccountUnknown(string errors) => errors.Contains("urn:ietf:params:acme:error:accountDoesNotExist", StringComparison.Ordinal);

    public static Failure ToFailure(string name, string errors, AcmeOptions options)
    {
        var host = options.DirectoryUrl.Authority;
        var problem = Problem().Matches(errors).LastOrDefault();
        var said = Short(problem?.Groups["said"].Value ?? LastLine(errors));
        return problem?.Groups["type"].Value switch
        {
            "unauthorized" or "connection" or "dns" or "incorrectResponse" or "tls" or "caa" => LegoAuthority.IsByDns(name)
                ? new(CertificateFailures.NotProved, $"{host} did not find the proof for {name} in the DNS: {said}", $"see that the DNS provider '{options.DnsProvider}' holds that domain, and that no CAA record forbids this authority")
                : new(CertificateFailures.NotProved, $"{host} did not get the answer that proves {name}: {said}", "see that the name leads to this machine for the whole world, that port 80 is open from outside, and that no CAA record forbids this authority"),
            "rateLimited" => new(CertificateFailures.TooOften, $"{host} was asked too often: {said}", "nothing is to be done but to wait; fewer hosts or one wildcard certificate ask less"),
            "accountDoesNotExist" => new(CertificateFailures.Refused, $"{host} does not know this account any more: {said}", "it is registered anew at the next try"),
            "rejectedIdentifier" or "externalAccountRequired" or "userActionRequired" or "malformed" or "unsupportedContact" or "invalidContact" or "unsupportedIdentifier" =>
                new(CertificateFailures.Refused, $"{host} gives no certificate for {name}: {said}", $"see what it says; {AcmeOptions.Section} names another authority or account"),
            null when IsDirectory(errors) => Away(host, said, errors, options),
            null when LegoAuthority.IsByDns(name) => new(CertificateFailures.Dns, $"the DNS provider '{options.DnsProvider}' did not do it: {said}", $"see what it needs in {AcmeOptions.Section}:DnsVariablesFile: lego dnshelp -c {options.DnsProvider}"),
            _ => new(CertificateFailures.Refused, $"lego did not get a certificate for {name} from {host}: {said}", "see what it says"),
        };
    }

    private static Failure Away(string host, string said, string errors, AcmeOptions options) => errors.Contains("x509:", StringComparison.Ordinal)
        ? new(CertificateFailures.AuthorityAway, $"{host} is not trusted: {said}", options.AuthorityFile.Length > 0 ? $"see that {AcmeOptions.Section}:AuthorityFile is who signed its certificate" : $"name who signed its certificate in {AcmeOptions.Section}:AuthorityFile")
        : new(CertificateFailures.AuthorityAway, $"{host} does not answer: {said}", "see that this machine reaches it; what has a certificate keeps it meanwhile");

    private static bool IsDirectory(string errors) => errors.Contains("get directory at", StringComparison.Ordinal) || errors.Contains("connection refused", StringComparison.Ordinal);

    private static string LastLine(string errors) => errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last] ? LogStamp().Replace(last, "") : "it said nothing";

    private static string Short(string said)
    {
        var line = Blanks().Replace(said, " ").Trim();
        return line.Length <= MaxMessage ? line : $"{line[..MaxMessage]} …";
    }

    /// <summary><c>[host] acme: error: 403 :: urn:ietf:params:acme:error:unauthorized :: what it says</c>.</summary>
    [GeneratedRegex(@"acme: error: \d+ ::.*?urn:ietf:params:acme:error:(?<type>[A-Za-z]+) :: (?<said>.*)")]
    private static partial Regex Problem();

    [GeneratedRegex(@"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ")]
    private static partial Regex LogStamp();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

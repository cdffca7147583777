using Slipway.Core;
using Slipway.Core.Certificates;

namespace Slipway.Acme;

/// <summary>What lego's DNS provider is told, from a file that is read anew each time: never in a command, in our own environment or in a message.</summary>
internal static class DnsVariables
{
    private static readonly Dictionary<string, string> None = [];

    public static Outcome<IReadOnlyDictionary<string, string>> Read(AcmeOptions options, string name)
    {
        if (!LegoAuthority.IsByDns(name) || options.DnsVariablesFile is not { Length: > 0 } path) return None;
        try
        {
            if ((File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite)) != 0) return Wrong($"{path} is open to others", $"close it: chmod 600 {path}");
            var variables = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (line, number) in File.ReadAllLines(path).Select((line, i) => (line.Trim(), i + 1)).Where(l => l.Item1.Length > 0 && l.Item1[0] != '#'))
            {
                var at = line.IndexOf('=');
                // The value may be anything; of the line only its number is told.
                if (at <= 0 || line[..at].Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_')) return Wrong($"line {number} of {path} is no NAME=value", $"write what 'lego dnshelp -c {options.DnsProvider}' lists");
                variables[line[..at]] = Unquoted(line[(at + 1)..]);
            }

            return variables;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Wrong($"{path} cannot be read: {e.Message}", "name a file that this process's user may read");
        }
    }

    private static string Unquoted(string value) => value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value;

    private static Failure Wrong(string message, string hint) => new(CertificateFailures.Dns, $"{AcmeOptions.Section}:DnsVariablesFile: {message}", hint);
}

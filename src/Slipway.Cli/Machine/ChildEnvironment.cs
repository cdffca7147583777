using System.Collections;

namespace Slipway.Cli.Machine;

/// <summary>Our own environment, to be added to for a child.</summary>
internal static class ChildEnvironment
{
    public static Dictionary<string, string> Inherited() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
}

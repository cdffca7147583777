using System.Security.Cryptography;
using System.Text;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Projects;

namespace Slipway.Core.Pipeline.Building;

/// <summary>
/// The build-time values of one build. Steps get them as one secret file; its keyed hash stands in the step's cache key,
/// so a changed value rebuilds while the value itself is nowhere.
/// </summary>
public sealed class BuildVariables
{
    private readonly SortedDictionary<string, (string Value, bool IsSecret)> _values = new(StringComparer.Ordinal);
    private readonly Secret _key;

    public BuildVariables(IEnumerable<EnvironmentVariable> variables, IReadOnlyDictionary<string, string> plain, Secret key)
    {
        _key = key;
        foreach (var v in variables.Where(v => v.Phase.HasFlag(EnvironmentPhase.Build))) _values[v.Name] = (v.Value.Reveal(), v.IsSecret);
        foreach (var (name, value) in plain) _values[name] = (value, false);
    }

    public IReadOnlyCollection<string> Names => _values.Keys;

    /// <summary>Null when there are no values.</summary>
    public string? Hash => _values.Count == 0
        ? null
        : Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(_key.Reveal()), File()))[..16];

    public PlanOptions ToPlanOptions(string? rootDirectory) => new() { RootDirectory = rootDirectory, BuildEnvironmentNames = [.. _values.Keys], PlainEnvironment = Arguments, EnvironmentHash = Hash };

    /// <summary>Lines of <c>NAME='value'</c> that a POSIX shell reads back unchanged.</summary>
    public byte[] File()
    {
        var text = new StringBuilder();
        foreach (var (name, (value, _)) in _values) text.Append(name).Append("='").Append(value.Replace("'", "'\\''", StringComparison.Ordinal)).Append("'\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Values that may be build arguments: the non-secret ones.</summary>
    public IReadOnlyDictionary<string, string> Arguments => _values.Where(v => !v.Value.IsSecret).ToDictionary(v => v.Key, v => v.Value.Value);

    /// <summary>Each value as a secret of its own name, for Dockerfiles that ask for it so.</summary>
    public IEnumerable<KeyValuePair<string, byte[]>> Secrets => _values.Select(v => KeyValuePair.Create(v.Key, Encoding.UTF8.GetBytes(v.Value.Value)));
}

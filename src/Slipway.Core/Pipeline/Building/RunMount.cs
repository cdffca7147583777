using Slipway.Core.Pipeline.Planning.Dockerfiles;

namespace Slipway.Core.Pipeline.Building;

/// <summary>A <c>--mount=</c> flag of a RUN: fields by commas, which Docker splits after it took quotes away.</summary>
internal sealed class RunMount(DockerfileWord word)
{
    private const string Flag = "--mount=";

    public string? Type => Field("type") is var (_, value) ? value.ToLowerInvariant() : null;

    public static bool IsMount(DockerfileWord word) => word.Raw.StartsWith(Flag, StringComparison.Ordinal);

    /// <summary>What to insert, and where in the instruction, so that the cache's id begins with the prefix. Without an id it would be its target.</summary>
    public (int At, string Text) IdPrefix(string prefix)
    {
        if (Field("id") is var (at, _)) return (at, prefix);
        var target = Field("target")?.Value ?? Field("dst")?.Value ?? Field("destination")?.Value ?? "";
        var id = prefix + new string([.. target.Select(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' ? c : '-')]);
        var end = word.Raw.TrimEnd('"', '\'').Length;
        return (word.Start + end, $",id={id}");
    }

    private (int At, string Value)? Field(string name)
    {
        var at = Flag.Length;
        foreach (var field in word.Raw[Flag.Length..].Split(','))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && field[..equals].Trim('"', '\'', ' ').Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                var value = equals + 1;
                while (value < field.Length && field[value] is '"' or '\'') value++;
                return (word.Start + at + value, field[value..].Trim('"', '\''));
            }

            at += field.Length + 1;
        }

        return null;
    }
}

using System.Text.RegularExpressions;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Planning.Dockerfiles;
using Slipway.Core.Pipeline.Planning.Node;

namespace Slipway.Core.Pipeline.Building;

/// <summary>
/// The bases of a person's own Dockerfile that Slipway can make: its own names, and the official ones it can stand in for where
/// no registry gives them. All others are the builder's to find.
/// </summary>
public static partial class OfficialImages
{
    private static readonly string[] Debians = ["bookworm", "bullseye", "buster", "trixie", "debian"];

    public static IEnumerable<BaseImageNeed> NeededBy(string dockerfile) => DockerfileFacts.Read(dockerfile).Images.Select(Need).OfType<BaseImageNeed>();

    /// <summary>What to write instead of an image that could be made here in another flavour; null where we know of nothing.</summary>
    public static string? Instead(string image)
    {
        if (Need(image) is not null || Reference().Match(image.Split('@')[0]) is not { Success: true } match) return null;
        var name = match.Groups["name"].Value;
        var version = match.Groups["tag"].Value.Split('-')[0] is var first && Version().IsMatch(first) ? first : null;
        return name switch
        {
            "debian" => "FROM debian:bookworm-slim",
            "node" or "oven/bun" => $"FROM {name}:{(version is null ? "" : version + "-")}slim",
            _ => $"FROM {name}:{version ?? "10.0"}",
        };
    }

    private static BaseImageNeed? Need(string image)
    {
        if (image.StartsWith("slipway/", StringComparison.Ordinal)) return new(image, BaseImageKind.Debian, null, ForBuild: false);
        if (Reference().Match(image) is not { Success: true } match) return null;

        var words = match.Groups["tag"] is { Success: true, Value: var tag } ? tag.Split('-').ToList() : [];
        var name = match.Groups["name"].Value;
        if (name.StartsWith("mcr.", StringComparison.Ordinal)) return Dotnet(image, name, words);
        var isSlim = words.Remove("slim");
        if (name == "debian") return words is ["bookworm" or "12"] ? new(image, BaseImageKind.Debian, null, ForBuild: false) : null;

        words.RemoveAll(Debians.Contains);
        if (words.Count > 1) return null;
        var version = words.Count == 0 ? "latest" : words[0];
        var range = Version().IsMatch(version) ? version : name == "node" ? NodeVersion.Named(version) : version == "latest" ? "*" : null;
        return range is null ? null : new(image, name == "node" ? BaseImageKind.OfficialNode : BaseImageKind.OfficialBun, range, ForBuild: !isSlim);
    }

    /// <summary>Named without a flavour, or by Debian: <c>10.0</c>, <c>10.0-bookworm-slim</c>.</summary>
    private static BaseImageNeed? Dotnet(string image, string name, List<string> words)
    {
        if (words.Count == 0 || !Version().IsMatch(words[0]) || words.Skip(1).Any(w => w is not ("bookworm" or "slim"))) return null;
        var kind = name[(name.LastIndexOf('/') + 1)..] switch { "sdk" => BaseImageKind.DotnetSdk, "aspnet" => BaseImageKind.DotnetAspNet, _ => BaseImageKind.DotnetRuntime };
        return new(image, kind, words[0], ForBuild: kind == BaseImageKind.DotnetSdk);
    }

    /// <summary>A digest is a promise of content that no stand-in keeps.</summary>
    [GeneratedRegex("^((docker\\.io|public\\.ecr\\.aws/docker|index\\.docker\\.io)/)?(library/)?(?<name>node|debian|oven/bun|mcr\\.microsoft\\.com/dotnet/(sdk|aspnet|runtime))(:(?<tag>[A-Za-z0-9][A-Za-z0-9_.-]*))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();

    [GeneratedRegex("^[0-9]{1,4}(\\.[0-9]{1,6}){0,2}$")]
    private static partial Regex Version();
}

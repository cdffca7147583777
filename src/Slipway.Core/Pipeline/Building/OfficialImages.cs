using System.Text.RegularExpressions;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Planning.Dockerfiles;

namespace Slipway.Core.Pipeline.Building;

/// <summary>
/// The bases of a person's own Dockerfile that Slipway can make: its own names, and the official ones it can stand in for where
/// no registry gives them. All others are the builder's to find.
/// </summary>
internal static partial class OfficialImages
{
    private static readonly string[] Debians = ["bookworm", "bullseye", "buster", "trixie", "debian"];

    private static readonly Dictionary<string, string> NodeNames = new(StringComparer.Ordinal)
    {
        ["latest"] = "26",
        ["current"] = "26",
        ["lts"] = "24",
        ["krypton"] = "24",
        ["jod"] = "22",
        ["iron"] = "20",
        ["hydrogen"] = "18",
        ["gallium"] = "16",
    };

    public static IEnumerable<BaseImageNeed> NeededBy(string dockerfile)
    {
        // Alpine's packages are of another libc; where none is asked for, Debian does as well.
        var callsApk = Apk().IsMatch(dockerfile);
        return DockerfileFacts.Read(dockerfile).Images.Select(image => Need(image, callsApk)).OfType<BaseImageNeed>();
    }

    private static BaseImageNeed? Need(string image, bool callsApk)
    {
        if (image.StartsWith("slipway/", StringComparison.Ordinal)) return new(image, BaseImageKind.Debian, null, ForBuild: false);
        if (Reference().Match(image) is not { Success: true } match) return null;

        var words = match.Groups["tag"] is { Success: true, Value: var tag } ? tag.Split('-').ToList() : [];
        var isAlpine = words.RemoveAll(w => w.StartsWith("alpine", StringComparison.Ordinal)) > 0;
        var isSlim = words.Remove("slim") || isAlpine;
        if (isAlpine && callsApk) return null;

        var name = match.Groups["name"].Value;
        if (name == "debian") return words is ["bookworm" or "12"] ? new(image, BaseImageKind.Debian, null, ForBuild: false) : null;

        words.RemoveAll(Debians.Contains);
        if (words.Count > 1) return null;
        var version = words.Count == 0 ? "latest" : words[0];
        var range = Version().IsMatch(version) ? version : name == "node" ? NodeNames.GetValueOrDefault(version) : version == "latest" ? "*" : null;
        return range is null ? null : new(image, name == "node" ? BaseImageKind.OfficialNode : BaseImageKind.OfficialBun, range, ForBuild: !isSlim);
    }

    /// <summary>A digest is a promise of content that no stand-in keeps.</summary>
    [GeneratedRegex("^((docker\\.io|public\\.ecr\\.aws/docker|index\\.docker\\.io)/)?(library/)?(?<name>node|debian|oven/bun)(:(?<tag>[A-Za-z0-9][A-Za-z0-9_.-]*))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();

    [GeneratedRegex("^[0-9]{1,4}(\\.[0-9]{1,6}){0,2}$")]
    private static partial Regex Version();

    [GeneratedRegex(@"^(?!\s*#).*\bapk\s+(-\S+\s+)*(add|update|upgrade)\b", RegexOptions.Multiline)]
    private static partial Regex Apk();
}

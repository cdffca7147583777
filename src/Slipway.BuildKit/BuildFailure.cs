using System.Globalization;
using System.Text.RegularExpressions;
using BuildKit.Client;
using Slipway.Core;
using Slipway.Core.Pipeline;
using Slipway.Core.Pipeline.Building;

namespace Slipway.BuildKit;

/// <summary>The daemon's error text as a failure that says what to do.</summary>
internal static partial class BuildFailure
{
    private const string LoadContext = "[internal] load build context";
    private const string LoadMetadata = "[internal] load metadata for ";
    private const int Max = 120;

    /// <param name="dockerfile">What was built: the copy with our additions.</param>
    /// <param name="lastLines">Of the step that failed.</param>
    public static Failure From(BuildKitSolveException e, string dockerfile, IEnumerable<string> lastLines)
    {
        if (e.ExitCode is { } code)
        {
            var named = Readable(e.Step ?? "a build step");
            return new Failure("build.step_failed", string.Create(CultureInfo.InvariantCulture, $"{named} failed with exit code {code}"), FailureClues.OfBuild(lastLines) ?? Hint(code), e.Step is null ? null : named, code);
        }

        if (e.Step is not null && e.Step.StartsWith(LoadMetadata, StringComparison.Ordinal))
        {
            var image = e.Step[LoadMetadata.Length..].Replace("docker.io/library/", "", StringComparison.Ordinal).Replace("docker.io/", "", StringComparison.Ordinal);
            return new Failure("build.base_unavailable", $"the base image {image} cannot be had: {Last(FrontendsWords().Replace(e.Message, ""))}",
                $"see that its registry can be reached and that the name is right; {Without(image)}", "FROM " + image);
        }

        if (FrontendImage.MissedBy(e) is { } frontend)
        {
            return new Failure("build.frontend_unavailable", $"the frontend {frontend} of the Dockerfile's # syntax line cannot be had: {Last(FrontendsWords().Replace(e.Message, ""))}",
                "see that its registry can be reached and that the name is right; without the line the engine's own frontend is used", e.Step);
        }

        if (e.IsDockerfileInvalid) return Invalid(e, dockerfile);

        if (e.Step == LoadContext)
        {
            return new Failure("build.context_unreadable", $"the files cannot be sent to the builder: {Last(e.Message)}",
                "see that each can be read and that nothing writes to them meanwhile; what the build does not need can be named in .dockerignore");
        }

        if (e.Step is not null && !e.Step.StartsWith("[internal]", StringComparison.Ordinal))
        {
            var step = Readable(e.Step);
            return new Failure("build.step_failed", $"{step} failed: {Last(e.Message)}", "see that the files it names are in the repository and not ignored", step);
        }

        return new Failure("build.failed", Last(e.Message), "the log says more", e.Step is null ? null : Readable(e.Step));
    }

    /// <summary>The plan is for a frontend that the builder cannot pull.</summary>
    public static Failure WithoutFrontend(string asked, BuildKitSolveException e) => new("build.frontend_unavailable",
        $"the frontend {asked}, which builds what was planned, cannot be had: {Last(FrontendsWords().Replace(e.Message, ""))}",
        "see that the builder reaches its registry, name another in Slipway:Pipeline:RailpackFrontend, or set Slipway:Pipeline:Planner to builtin", e.Step);

    /// <summary>The image is built, and the registry did not take it.</summary>
    public static bool IsPush(BuildKitSolveException e) =>
        e.Message.Contains("failed to push", StringComparison.Ordinal) || e.Message.Contains("push access denied", StringComparison.Ordinal);

    /// <summary>A daemon without an exporter of that kind, or whose image store cannot serve one.</summary>
    public static bool IsUnknownCache(BuildKitSolveException e) =>
        e.Message.Contains("unknown cache exporter", StringComparison.Ordinal) || e.Message.Contains("Cache export is not supported", StringComparison.OrdinalIgnoreCase);

    /// <summary>An engine that stores images in containerd removes unused layers in the background, at times one that a build has just found
    /// in its cache (met on Docker Engine 28.5): nobody's fault, and right the next time.</summary>
    public static bool IsLostLayer(BuildKitSolveException e) => e.ExitCode is null && IsLostLayer(e.Message);

    internal static bool IsLostLayer(string message) => LostLayer().IsMatch(message);

    private static string Without(string image) => OfficialImages.Instead(image) is { } instead
        ? $"this flavour cannot be made on this machine without a registry, another could: {instead}"
        : "without a registry use FROM slipway/node:22 or FROM slipway/debian:bookworm, which are made on this machine";

    /// <summary>By the lines and columns of the person's own file, not of the copy that was built.</summary>
    private static Failure Invalid(BuildKitSolveException e, string dockerfile)
    {
        var said = FrontendsWords().Replace(e.Message, "");
        if (e.Location is not { } found) return new Failure("build.dockerfile_invalid", $"the Dockerfile cannot be used: {Last(said)}", "mend the Dockerfile", e.Step);
        var place = DockerfileRewriter.InOriginal(dockerfile, found.Line, found.Column);
        return new Failure("build.dockerfile_invalid", string.Create(CultureInfo.InvariantCulture, $"Dockerfile line {place.Line}, column {place.Column}: {Last(said)}"), $"mend the line: {place.Text.Trim()}", e.Step);
    }

    private static string? Hint(int code) => code switch
    {
        126 => "the command is not executable",
        127 => "most often a command was not found: is it in dependencies or devDependencies?",
        137 => "the step was killed, most often for want of memory",
        _ => "the step's last lines are in the log",
    };

    /// <summary>A step in a line: without the mounts that Slipway added to it, and cut where it gets long.</summary>
    internal static string Readable(string step)
    {
        var text = Ours().Replace(step, " ").Trim();
        return text.Length <= Max ? text : text[..Max].TrimEnd() + " …";
    }

    /// <summary>What the engine says of a step that failed; of a command it repeats all, which the step's name has said.</summary>
    internal static string Reason(string error) =>
        error.LastIndexOf("exit code: ", StringComparison.Ordinal) is >= 0 and var at ? error[at..] : Last(error);

    /// <summary>The innermost of Go's wrapped errors.</summary>
    private static string Last(string message) => message.Length <= 300 ? message : "…" + message[^300..];

    [GeneratedRegex(@"(--mount=\S+|: env-\w+; |set -a; \. \S+; set \+a; |\s)+")]
    private static partial Regex Ours();

    // "failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 2: " and its later forms.
    [GeneratedRegex(@"^(?:failed to [^:]*: )*(?:dockerfile parse error (?:on )?line \d+: )?", RegexOptions.IgnoreCase)]
    private static partial Regex FrontendsWords();

    [GeneratedRegex(@"parent snapshot \S+ does not exist")]
    private static partial Regex LostLayer();
}

using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Planning.Dockerfiles;

namespace Slipway.Core.Pipeline.Building;

/// <summary>What the builder adds to a copy of a Dockerfile.</summary>
public sealed record DockerfileAdditions
{
    /// <summary>FROM name → the image to use instead.</summary>
    public IReadOnlyDictionary<string, string> Bases { get; init; } = new Dictionary<string, string>();

    /// <summary>Mounts the host's CA bundle on each RUN (secret <c>slipway-ca</c>) and points the usual variables at it by ARG.</summary>
    public bool TrustHostCertificates { get; init; }

    /// <summary>Prefix of every cache mount's id, so that projects never share one.</summary>
    public required string CachePrefix { get; init; }

    /// <summary>Keyed hash of the build environment; null when there is none.</summary>
    public string? EnvironmentHash { get; init; }
}

/// <summary>Adds to a copy of a Dockerfile what a build on this machine needs; the person's own file stays as it is. Pure.</summary>
public static class DockerfileRewriter
{
    /// <summary>Secret with the host's CA bundle.</summary>
    public const string CertificatesSecret = "slipway-ca";

    /// <summary>Secret with the build environment as <c>NAME='value'</c> lines, for <c>. file</c>.</summary>
    public const string EnvironmentSecret = BuildEnvironment.Secret;

    public const string CertificatesPath = "/run/slipway/ca.crt";
    public const string EnvironmentPath = BuildEnvironment.Path;

    /// <summary>A step may run as any user, and a bundle that cannot be read is an error to most tools.</summary>
    private const string CertificatesMount = $" --mount=type=secret,id={CertificatesSecret},target={CertificatesPath},mode=0444";

    /// <summary>
    /// Where the tools of the usual languages look. An ARG is environment to a RUN step, and to nothing after the build. None of Yarn's
    /// own: Yarn 2 and 3 refuse to run when they see 4's, and all of them heed Node's.
    /// </summary>
    private static readonly string[] CertificateVariables =
    [
        "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "PIP_CERT", "GIT_SSL_CAINFO", "npm_config_cafile",
        "CARGO_HTTP_CAINFO", "BUNDLE_SSL_CA_CERT", "DENO_CERT", "AWS_CA_BUNDLE", "NIX_SSL_CERT_FILE",
    ];

    private static readonly string TrustArguments = "ARG " + string.Join(' ', CertificateVariables.Select(name => $"{name}={CertificatesPath}"));

    private const string HashArgument = "ARG SLIPWAY_ENV_HASH=";

    public static string Rewrite(string dockerfile, DockerfileAdditions additions)
    {
        RequirePlain(additions.CachePrefix);
        if (additions.EnvironmentHash is { } hash) RequirePlain(hash);

        var reader = DockerfileReader.Read(dockerfile);
        var edits = new DockerfileEdits(dockerfile);
        var arguments = DockerfileFrom.GlobalArguments(reader);
        var stages = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var (hasTrust, hasHash) = (false, false);
        foreach (var instruction in reader.Instructions)
            switch (instruction.Keyword)
            {
                case "FROM" when DockerfileFrom.Read(instruction, reader.Escape, arguments) is { } from:
                    if (BaseFor(from.Image) is { } image) edits.Replace(instruction, from.Word.Start, from.Word.End, image);
                    if (from.Stage is not null) stages.Add(from.Stage);
                    (hasTrust, hasHash) = (false, false);
                    break;
                case "COPY":
                    foreach (var flag in DockerfileWords.Flags(instruction, reader.Escape))
                        if (flag.Raw.StartsWith("--from=", StringComparison.Ordinal) && BaseFor(flag.Raw["--from=".Length..]) is { } from)
                            edits.Replace(instruction, flag.Start + "--from=".Length, flag.End, from);
                    break;
                case "RUN" when instruction.Text.Length > instruction.Arguments:
                    var mounts = DockerfileWords.Flags(instruction, reader.Escape).Where(RunMount.IsMount).Select(word => new RunMount(word)).ToList();
                    hasHash |= AddHash(instruction, mounts, hasHash);
                    if (additions.TrustHostCertificates) Trust(instruction);
                    foreach (var mount in mounts.Where(m => m.Type == "cache"))
                    {
                        var (at, text) = mount.IdPrefix(additions.CachePrefix);
                        edits.Insert(instruction, at, text);
                    }

                    break;
            }

        return edits.Apply();

        string? BaseFor(string image) => stages.Contains(image) ? null : additions.Bases.GetValueOrDefault(image);

        // The ARGs hold from there to the end of the stage.
        void Trust(DockerfileInstruction instruction)
        {
            if (!hasTrust) edits.InsertLine(instruction.Positions[0], TrustArguments);
            hasTrust = true;
            var indent = instruction.Text.Length - instruction.Text.TrimStart().Length;
            edits.Insert(instruction, indent + instruction.Keyword.Length, CertificatesMount);
        }

        // A secret's content is no part of a step's cache key, an ARG's value is. Later steps of the stage run again too.
        bool AddHash(DockerfileInstruction instruction, List<RunMount> mounts, bool isThere)
        {
            if (additions.EnvironmentHash is not { } value || isThere || !mounts.Exists(m => m.Type == "secret")) return false;
            if (instruction.Text.Contains(value, StringComparison.Ordinal)) return false;
            edits.InsertLine(instruction.Positions[0], HashArgument + value);
            return true;
        }
    }

    /// <summary>Where a place in what <see cref="Rewrite"/> gave is in what it was given, and the line there.</summary>
    public static (int Line, int Column, string Text) InOriginal(string rewritten, int line, int column)
    {
        var lines = rewritten.ReplaceLineEndings("\n").Split('\n');
        var added = lines.Take(line - 1).Count(IsAdded);
        var text = lines[line - 1];
        var at = text.IndexOf(CertificatesMount, StringComparison.Ordinal);
        if (at < 0) return (line - added, column, text);
        var after = column - 1 - at;
        return (line - added, after <= 0 ? column : column - Math.Min(after, CertificatesMount.Length), text.Remove(at, CertificatesMount.Length));
    }

    private static bool IsAdded(string line) => line == TrustArguments || line.StartsWith(HashArgument, StringComparison.Ordinal);

    private static void RequirePlain(string text)
    {
        if (text.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or '/')))
            throw new ArgumentException($"\"{text}\" would need quoting in a Dockerfile.", nameof(text));
    }
}

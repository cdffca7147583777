namespace Slipway.Docker.BaseImages;

/// <summary>A minimal Debian as a tar, made by mmdebstrap from the host's own mirror, security updates included.</summary>
internal static class DebianBootstrap
{
    public const string Suite = "bookworm";

    // Raise it when the arguments below change what comes out.
    private const string Recipe = "debian/1";

    private static readonly string[] Packages = ["ca-certificates", "libatomic1", "libstdc++6"];

    public static ImageTag Tag { get; } = ImageTag.Of("slipway/debian", Suite, [Recipe, Suite, .. Packages]);

    public static async Task WriteTarAsync(string tarPath, string scratch, Action<string> progress, CancellationToken ct)
    {
        if (!HostCommand.Exists("mmdebstrap"))
            throw new InvalidOperationException("Base images are made by mmdebstrap, which this machine lacks: apt-get install mmdebstrap.");

        var sources = await DebianSources.OfHostAsync(ct);
        progress($"fetching Debian {Suite} from {sources.Archive}");

        // The host's name and resolver are copied in for the package scripts; they are nobody's business afterwards.
        var empty = Path.Combine(scratch, "empty");
        await File.WriteAllBytesAsync(empty, [], ct);
        string[] arguments =
        [
            "--variant=minbase", "--format=tar", $"--include={string.Join(',', Packages)}",
            "--aptopt=Acquire::Retries \"3\"",
            "--dpkgopt=path-exclude=/usr/share/man/*",
            "--dpkgopt=path-exclude=/usr/share/locale/*",
            "--dpkgopt=path-exclude=/usr/share/doc/*",
            "--dpkgopt=path-include=/usr/share/doc/*/copyright",
            $"--customize-hook=upload {empty} /etc/hostname",
            $"--customize-hook=upload {empty} /etc/resolv.conf",
            Suite, tarPath, .. sources.For(Suite),
        ];
        var environment = new Dictionary<string, string> { ["TMPDIR"] = scratch, ["LC_ALL"] = "C.UTF-8" };
        await HostCommand.RunAsync("mmdebstrap", arguments, environment, progress, ct);
    }
}

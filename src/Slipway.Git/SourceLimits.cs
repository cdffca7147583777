using Slipway.Core;

namespace Slipway.Git;

/// <summary>How much one source may be, however it comes.</summary>
internal readonly record struct SourceLimits(int MaxFiles, long MaxBytes)
{
    /// <summary>Null while within.</summary>
    public Failure? Check(long files, long bytes)
    {
        if (files > MaxFiles) return new Failure("fetch.too_large", $"the source has more than {MaxFiles} files and folders", "leave out what the build makes itself, or raise Slipway:Sources:MaxFiles");
        return bytes > MaxBytes ? new Failure("fetch.too_large", $"the source is larger than {Size(MaxBytes)}", "leave out large files, or raise Slipway:Sources:MaxBytes") : null;
    }

    private static string Size(long bytes) => bytes >= 1 << 20 ? $"{bytes >> 20} MiB" : $"{bytes} bytes";
}

using Slipway.Core;

namespace Slipway.Server.Api.Status;

/// <summary>How much the home takes, measured at most every ten seconds.</summary>
internal sealed class DiskUse(SlipwayHome home, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private (long Bytes, long At)? _seen;

    public long HomeBytes() => HomeBytes(Fresh);

    /// <summary>One that is at most <paramref name="fresh"/> old will do.</summary>
    public long HomeBytes(TimeSpan fresh)
    {
        if (_seen is { } seen && time.GetElapsedTime(seen.At) < fresh) return seen.Bytes;
        var bytes = new DirectoryInfo(home.Root).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Sum(f => f.Exists ? f.Length : 0);
        _seen = (bytes, time.GetTimestamp());
        return bytes;
    }

    public long TotalBytes() => new DriveInfo(home.Root).TotalSize;

    public long FreeBytes() => new DriveInfo(home.Root).AvailableFreeSpace;
}

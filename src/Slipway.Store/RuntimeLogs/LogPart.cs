using Slipway.Core;
using Slipway.Core.RuntimeLogs;

namespace Slipway.Store.RuntimeLogs;

/// <summary>A stretch of one file. What is in it does not change while lines are added behind it.</summary>
internal sealed record LogPart(string Path, DeploymentId Deployment, long From, long To)
{
    private const int Piece = 64 << 10;

    /// <summary>Line by line, in constant memory; none when the file was dropped meanwhile.</summary>
    public IEnumerable<RuntimeLine> Lines()
    {
        using var file = Open();
        if (file is null) yield break;
        var buffer = new byte[Piece];
        var (at, filled) = (From, 0);
        while (at < To)
        {
            if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            var got = RandomAccess.Read(file, buffer.AsSpan(filled, (int)Math.Min(buffer.Length - filled, To - at)), at);
            if (got == 0) yield break;
            at += got;
            filled += got;
            var begin = 0;
            while (buffer.AsSpan(begin, filled - begin).IndexOf((byte)'\n') is var length and >= 0)
            {
                if (LogRecord.Read(buffer.AsSpan(begin, length), Deployment) is { } line) yield return line;
                begin += length + 1;
            }

            buffer.AsSpan(begin, filled - begin).CopyTo(buffer);
            filled -= begin;
        }
    }

    private Microsoft.Win32.SafeHandles.SafeFileHandle? Open()
    {
        try
        {
            return File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}

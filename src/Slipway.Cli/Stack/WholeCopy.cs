namespace Slipway.Cli.Stack;

/// <summary>A copy that is there whole or not at all, also on another disk; for its owner alone.</summary>
internal static class WholeCopy
{
    public static async Task MakeAsync(string from, string to, CancellationToken ct)
    {
        var beside = to + ".unfinished";
        try
        {
            await using (var source = File.OpenRead(from))
            await using (var target = new FileStream(beside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
                await source.CopyToAsync(target, ct);
                target.Flush(flushToDisk: true);
            }

            File.Move(beside, to);
        }
        finally
        {
            File.Delete(beside);
        }
    }
}

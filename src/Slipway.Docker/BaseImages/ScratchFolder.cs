namespace Slipway.Docker.BaseImages;

/// <summary>A folder that is gone afterwards, also what an earlier, killed making of the same thing left.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public ScratchFolder(string workDirectory, ImageTag tag)
    {
        FullPath = Path.Combine(Path.GetFullPath(workDirectory), tag.ToString().Replace('/', '+').Replace(':', '+'));
        Remove();
        Directory.CreateDirectory(FullPath);
    }

    public string FullPath { get; }

    public string File(string name) => Path.Combine(FullPath, name);

    public void Dispose() => Remove();

    private void Remove()
    {
        if (Directory.Exists(FullPath)) Directory.Delete(FullPath, recursive: true);
    }
}

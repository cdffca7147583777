namespace Slipway.Edge;

/// <summary>A folder nobody else can enter; one that exists keeps its mode.</summary>
internal static class OwnFolder
{
    public static void Create(string? path)
    {
        if (!string.IsNullOrEmpty(path) && !Directory.Exists(path))
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}

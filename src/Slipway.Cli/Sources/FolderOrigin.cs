namespace Slipway.Cli.Sources;

/// <summary>Which folder of which machine: what a project's name is tied to.</summary>
internal static class FolderOrigin
{
    public static string Of(string path) => $"folder:{Machine()}:{path}";

    private static string Machine()
    {
        try
        {
            return File.ReadAllText("/etc/machine-id").Trim() is { Length: > 0 } id ? id : Environment.MachineName;
        }
        catch (IOException)
        {
            return Environment.MachineName;
        }
    }
}

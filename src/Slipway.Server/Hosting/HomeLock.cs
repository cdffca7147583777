namespace Slipway.Server.Hosting;

/// <summary>One process a role a home.</summary>
internal static class HomeLock
{
    public static IDisposable Take(HomeFolder home, string role)
    {
        var path = Path.Combine(home.Paths.Run, $"{role}.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new SettingsException($"another {role} already runs on {home.Paths.Root}; stop it with 'slipway down', or set SLIPWAY_HOME to another folder");
        }
    }
}

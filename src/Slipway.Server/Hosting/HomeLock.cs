using Slipway.Core;

namespace Slipway.Server.Hosting;

/// <summary>One process a role a home.</summary>
internal static class HomeLock
{
    public static IDisposable Take(HomeFolder home, string role) => Take(home.Paths, role);

    public static IDisposable Take(SlipwayHome home, string role)
    {
        var path = Path.Combine(home.Run, $"{role}.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new SettingsException($"another {role} already runs on {home.Root}; stop it with 'slipway down', or set SLIPWAY_HOME to another folder");
        }
    }
}

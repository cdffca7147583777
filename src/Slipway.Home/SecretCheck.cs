using Microsoft.Extensions.Configuration;
using Slipway.Host;

namespace Slipway.Home;

/// <summary>Every file that the settings name: there, and readable by this user.</summary>
public static class SecretCheck
{
    private static readonly string[] Builds = ["Nats", "Registry", "BuildKit", "Metrics"];

    /// <returns>What is wrong and what to do, a line for each file.</returns>
    public static IEnumerable<string> Look(IConfiguration settings, string[] roles) =>
        from setting in settings.AsEnumerable()
        where setting.Key.EndsWith("File", StringComparison.OrdinalIgnoreCase) && setting.Value is { Length: > 0 } && Concerns(setting.Key.Split(':'), roles)
        orderby setting.Key
        let problem = Look(setting.Key, setting.Value!)
        where problem is not null
        select problem;

    /// <summary>Processes share one file of settings, but not their secrets.</summary>
    private static bool Concerns(string[] key, string[] roles) => key is ["Slipway", var section, _, ..] && roles switch
    {
        ["edge"] => section == "Edge",
        ["fence"] => false,
        ["backup"] => section == "Store",
        ["worker"] => Builds.Contains(section),
        _ => true,
    };

    private static string? Look(string key, string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            var whose = FileOwner.Of(path) is { } owner ? $"it is of user {owner.User}, group {owner.Group}, mode 0{Convert.ToString(owner.Mode & 0xFFF, 8)}" : "a folder above it is closed to this user";
            var self = ProcessIdentity.Read();
            return $"{key}: {path} may not be read by {self}: {whose}; give it to this user: chown {self.User} {path}";
        }
        // Made at the first start.
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException && key.EndsWith("MasterKeyFile", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return $"{key}: there is no {path}";
        }
        catch (IOException e)
        {
            return $"{key}: {path} cannot be read: {e.Message}";
        }
    }
}

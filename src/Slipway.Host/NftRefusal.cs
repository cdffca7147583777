using Slipway.Core.Hosting;

namespace Slipway.Host;

/// <summary>nft's complaint → words.</summary>
internal static class NftRefusal
{
    public static FirewallStatus.NotEnforced Of(string errors)
    {
        var line = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(line => line.Contains("Error", StringComparison.Ordinal))
            ?? errors.Trim();
        return line switch
        {
            _ when line.Contains("No such file or directory", StringComparison.Ordinal) =>
                new("The firewall table is not there; something may have flushed it.", "Restart Slipway, or run: slipway up"),
            _ when line.Contains("Operation not permitted", StringComparison.Ordinal) && !Environment.IsPrivilegedProcess =>
                new("Slipway does not run as root, so it can't set the host's firewall.", "Start it with sudo, or as a system service."),
            _ when line.Contains("Operation not permitted", StringComparison.Ordinal) =>
                new("The kernel does not let this process set the firewall, though it is root.", "In a container, grant it CAP_NET_ADMIN and the host's network."),
            _ => new($"nft refused the table: {line}"),
        };
    }
}

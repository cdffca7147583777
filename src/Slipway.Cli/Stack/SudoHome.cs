using Slipway.Core;

namespace Slipway.Cli.Stack;

/// <summary>sudo changes whose home is meant, unless it is named: a person's own would be left beside the stack, and forgotten.</summary>
internal static class SudoHome
{
    /// <summary>The home of the one who called sudo, where it is in use and root's is not a stack's.</summary>
    public static string? Other(SlipwayHome home) => string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("SLIPWAY_HOME"))
        ? Other(home, Environment.GetEnvironmentVariable("SUDO_USER"), File.ReadLines("/etc/passwd"))
        : null;

    internal static string? Other(SlipwayHome home, string? user, IEnumerable<string> passwd)
    {
        if (string.IsNullOrEmpty(user) || StackFolder.Of(home).Exists) return null;
        var folder = passwd.Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 5 && fields[0] == user)?[5];
        if (folder is null) return null;
        var own = new SlipwayHome(Path.Combine(folder, ".slipway"));
        return own.Root != home.Root && File.Exists(own.Database) ? own.Root : null;
    }
}

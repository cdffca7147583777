using System.Security.Cryptography;
using Slipway.Cli.CommandLine;
using Slipway.Core;

namespace Slipway.Cli.Machine;

/// <summary>Makes the home's folders, private to the user, and its id.</summary>
internal static class HomeFolders
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static void Create(SlipwayHome home)
    {
        try
        {
            foreach (var folder in new[] { home.Root, home.Logs, home.Run }) Directory.CreateDirectory(folder, Private);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliError.Broken("home.not_writable", $"{home.Root} cannot be written: {e.Message}", "set SLIPWAY_HOME to a folder of yours", e);
        }
    }

    /// <summary>8 hex digits that mark what this home makes on the host.</summary>
    public static string Id(SlipwayHome home)
    {
        if (!File.Exists(home.IdFile)) RunFiles.WriteText(home.IdFile, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return File.ReadAllText(home.IdFile).Trim();
    }
}

using System.Security.Cryptography;
using Slipway.Core;

namespace Slipway.Server.Hosting;

/// <summary>The home on disk: its folders, its id and its API token, made at first use and private to the user.</summary>
internal sealed record HomeFolder(SlipwayHome Paths, string Id, string Token)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static HomeFolder Open(SlipwayHome paths)
    {
        foreach (var folder in new[] { paths.Root, paths.Uploads, paths.Work, paths.Keys, paths.Logs, paths.Run, Path.Combine(paths.Root, "edge") })
        {
            Directory.CreateDirectory(folder, Private | UnixFileMode.UserExecute);
        }

        var id = Once(paths.IdFile, () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)));
        var token = Once(paths.TokenFile, () => "slp_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        return new HomeFolder(paths, id, token);
    }

    /// <summary>The file's text, written first when it is missing; of two processes at once, one writes.</summary>
    private static string Once(string path, Func<string> make)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            var temp = $"{path}.{Environment.ProcessId}";
            using (var file = new FileStream(temp, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Private }))
            using (var writer = new StreamWriter(file))
            {
                writer.Write(make());
                writer.Flush();
                file.Flush(flushToDisk: true);
            }

            try
            {
                File.Move(temp, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(temp);
            }
        }

        File.SetUnixFileMode(path, Private);
        return File.ReadAllText(path).Trim();
    }
}

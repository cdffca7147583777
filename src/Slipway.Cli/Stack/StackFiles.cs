using System.Reflection;
using System.Security.Cryptography;
using Slipway.Core;
using Slipway.Core.Stack;

namespace Slipway.Cli.Stack;

/// <summary>The files of <c>deploy/</c>, carried in this program, laid out beside the compose file; and the folders of the services.</summary>
internal sealed class StackFiles(StackFolder folder)
{
    private const string Prefix = "deploy/";
    private const UnixFileMode All = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Written anew each time: they are this version's.</summary>
    public void Lay()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var path = Path.Combine(folder.Root, name[Prefix.Length..]);
            for (var above = Path.GetDirectoryName(path)!; above != folder.Root; above = Path.GetDirectoryName(above)!) FileOwner.Folder(above, 0, 0, All);
            using var content = assembly.GetManifestResourceStream(name)!;
            using (var file = File.Create(path)) content.CopyTo(file);
            File.SetUnixFileMode(path, name.EndsWith(".sh", StringComparison.Ordinal) ? All : All & ~(UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute));
        }
    }

    public static string Text(string name)
    {
        using var content = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name) ?? throw new InvalidOperationException($"deploy/{name} is not in this program");
        using var reader = new StreamReader(content);
        return reader.ReadToEnd();
    }

    /// <summary>Where the scripts for images made here are.</summary>
    public string EntryPoints => Path.Combine(folder.Root, "images");

    public void MakeFolders()
    {
        FileOwner.Folder(Path.Combine(folder.Root, "data"), 0, 0, All);
        (string Name, int User)[] own =
        [
            ("server", StackUsers.Server), ("edge", StackUsers.Edge), ("fence", StackUsers.Fence), ("postgres", StackUsers.Postgres), ("nats", StackUsers.Nats),
            ("registry", StackUsers.Registry), ("prometheus", StackUsers.Prometheus), ("buildkit", StackSecrets.BuildKit),
        ];
        foreach (var (name, user) in own) FileOwner.Folder(folder.DataOf(name), user, user);
        // Compose would make the keys' folder, as root, before the server does.
        FileOwner.Folder(Path.Combine(folder.DataOf("server"), "keys"), StackUsers.Server, StackUsers.Server);
        FileOwner.Folder(folder.Backups, StackUsers.Server, StackUsers.Server);
        // What build steps ran into: the fence tells, workers read.
        FileOwner.Folder(folder.DataOf("steps"), StackUsers.Fence, StackUsers.Worker, Group & ~UnixFileMode.GroupWrite | UnixFileMode.SetGroup);
        // What is made in it has its group: the edge's socket, for the server.
        FileOwner.Folder(folder.DataOf("run"), StackUsers.Edge, StackUsers.Run, Group | UnixFileMode.SetGroup);
    }

    /// <summary>All services read the home's settings; secrets are not in them.</summary>
    /// <returns>The copy that they read.</returns>
    public string ShareSettings(SlipwayHome home)
    {
        var (settings, copy) = (Path.Combine(home.Root, "settings.json"), Path.Combine(folder.Root, "settings.json"));
        Machine.RunFiles.WriteText(copy, File.Exists(settings) ? File.ReadAllText(settings) : "{}\n", All & ~(UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute));
        return copy;
    }

    private const UnixFileMode Group = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;

    /// <summary>The control plane and the fence mark what they make with one id.</summary>
    public void ShareId()
    {
        var original = Path.Combine(folder.DataOf("server"), "home.id");
        var id = File.Exists(original) ? File.ReadAllText(original).Trim() : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        if (!File.Exists(original)) FileOwner.Write(original, System.Text.Encoding.ASCII.GetBytes(id), StackUsers.Server, StackUsers.Server);
        FileOwner.Write(Path.Combine(folder.DataOf("fence"), "home.id"), System.Text.Encoding.ASCII.GetBytes(id), StackUsers.Fence, StackUsers.Fence);
    }
}

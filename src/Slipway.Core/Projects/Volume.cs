using System.Text.RegularExpressions;

namespace Slipway.Core.Projects;

/// <summary>A folder of a project's production that outlives its instances: the engine keeps it, whatever deployment has it.</summary>
/// <param name="Name">Of one project's once.</param>
/// <param name="Path">Where the app finds it; absolute.</param>
public sealed record Volume(string Name, string Path, DateTimeOffset CreatedAt);

/// <summary>Which volumes a project may have. Pure.</summary>
public static partial class VolumeRules
{
    public const int Most = 8;

    /// <summary>Where the kernel, the engine or the image's own programs are: nothing there may be hidden, nor any of it kept.</summary>
    private static readonly string[] Trees = ["/proc", "/sys", "/dev", "/etc", "/tmp", "/run", "/var/run", "/var/tmp", "/var/lock", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/boot", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64"];

    /// <summary>Folders that hold an app or its system; a folder below them is fine.</summary>
    private static readonly string[] Roots = ["/app", "/home", "/opt", "/root", "/srv", "/usr", "/usr/local", "/usr/share", "/usr/src", "/usr/src/app", "/var", "/var/lib", "/var/www", "/workspace"];

    /// <summary>The path as it is kept: without a slash at its end.</summary>
    public static Outcome<string> CheckPath(string? text)
    {
        var path = text is { Length: > 1 } && text.EndsWith('/') ? text[..^1] : text ?? "";
        if (path is not ['/', ..]) return Refuse($"'{path}' is no absolute path", "begin it with /: /data");
        if (path == "/") return Refuse("the whole file system cannot be a volume", "name the one folder that the app keeps: /data");
        if (path.Length > 200 || !PathShape().IsMatch(path)) return Refuse($"'{path}' may hold only letters, digits, '.', '_', '-', '+', '@' and single slashes, and at most 200 characters", "for example /data or /var/lib/app");
        if (path.Split('/').Any(part => part is "." or "..")) return Refuse($"'{path}' leads through '.' or '..'", "write the path that is meant");
        if (Trees.FirstOrDefault(tree => path == tree || path.StartsWith(tree + "/", StringComparison.Ordinal)) is { } tree) return Refuse($"{tree} belongs to the system inside the container, and cannot be kept", "let the app write elsewhere: /data, /var/lib/app");
        if (Roots.Contains(path)) return Refuse($"{path} holds the app or its system, which each release brings anew; a volume would hide it", $"name the folder below it that the app writes: {path}/data");
        return path;
    }

    public static Failure? CheckName(string name) => NameShape().IsMatch(name)
        ? null : new Failure("volume.name_invalid", $"'{name}' is no name for a volume: a-z, 0-9 and hyphens inside, at most 32 characters", "choose one with --name, for example data");

    /// <summary>The last part of the path, as far as it can be a name.</summary>
    public static string NameOf(string path)
    {
        var name = NotInNames().Replace(path[(path.LastIndexOf('/') + 1)..].ToLowerInvariant(), "-").Trim('-');
        name = name.Length > 32 ? name[..32].Trim('-') : name;
        return name.Length > 0 ? name : "data";
    }

    /// <summary>The field that is wrong, and why; null: it may be added.</summary>
    public static (Failure Failure, string Field)? CheckAdd(Volume wanted, IReadOnlyCollection<Volume> own)
    {
        if (own.Count >= Most) return (new Failure("volume.too_many", $"a project has at most {Most} volumes", "keep several folders below one of them"), "path");
        if (own.FirstOrDefault(v => v.Name == wanted.Name) is { } same) return (new Failure("volume.name_taken", $"the project has a volume '{same.Name}' already, at {same.Path}", "choose another with --name"), "name");
        return own.FirstOrDefault(v => Overlap(v.Path, wanted.Path)) is { } other
            ? (new Failure("volume.path_taken", other.Path == wanted.Path ? $"{other.Path} is the volume '{other.Name}' already" : $"{wanted.Path} and the volume '{other.Name}' at {other.Path} are inside each other", "volumes lie beside each other; see: slipway volume ls PROJECT"), "path")
            : null;
    }

    private static bool Overlap(string a, string b) => a == b || a.StartsWith(b + "/", StringComparison.Ordinal) || b.StartsWith(a + "/", StringComparison.Ordinal);

    private static Failure Refuse(string message, string hint) => new("volume.path_invalid", message, hint);

    [GeneratedRegex(@"\A(/[A-Za-z0-9._+@-]+)+\z")]
    private static partial Regex PathShape();

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?\z")]
    private static partial Regex NameShape();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotInNames();
}

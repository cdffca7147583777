using System.Text;

namespace Slipway.Git;

/// <summary>Which names an archive may write.</summary>
internal static class EntryName
{
    private const int MaxPart = 255;
    private const int MaxPath = 4000;
    private static readonly string[] Skipped = [".git", "node_modules"];

    /// <summary>Without the <c>./</c> and the trailing <c>/</c> that tar writes; "" is the root.</summary>
    public static string Clean(string name)
    {
        while (name.StartsWith("./", StringComparison.Ordinal)) name = name[2..];
        name = name.EndsWith('/') && name.Length > 1 ? name[..^1] : name;
        return name is "." ? "" : name;
    }

    /// <summary>History and what an install makes again: never taken, wherever they are.</summary>
    public static bool IsSkipped(string name) => name.Split('/').Any(Skipped.Contains);

    /// <summary>Null when it may be written.</summary>
    public static string? WhyRefused(string name) => name switch
    {
        _ when name.StartsWith('/') => "is absolute",
        _ when name.Contains('\\', StringComparison.Ordinal) || name.Any(char.IsControl) => "holds a character that no file name may have",
        [>= 'A' and <= 'Z' or >= 'a' and <= 'z', ':', ..] => "begins with a drive letter",
        _ when name.Split('/').Any(part => part is ".." or "" or ".") => "leaves the source",
        _ when name.Length > MaxPath || name.Split('/').Any(part => Encoding.UTF8.GetByteCount(part) > MaxPart) => "is too long a name",
        _ => null,
    };
}

namespace Slipway.Git;

/// <summary>Names that strangers chose, fit for a message.</summary>
internal static class Shown
{
    private const int MaxLength = 120;

    public static string Name(string text) => new([.. text.Take(MaxLength).Select(c => char.IsControl(c) ? '?' : c)]);
}

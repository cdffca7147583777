namespace Slipway.Cli.Output;

/// <summary>Columns as wide as their longest cell: readable, and the same piped or not.</summary>
internal static class Table
{
    public static IEnumerable<string> Lines(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        var all = new List<IReadOnlyList<string>> { head };
        all.AddRange(rows);
        var widths = head.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        return all.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}

namespace Slipway.Testing;

/// <summary>Compares with a file of the repository; with <c>SLIPWAY_GOLDEN=1</c> writes it instead (<c>eng/golden</c>).</summary>
public static class Golden
{
    private static bool Rewrites => Environment.GetEnvironmentVariable("SLIPWAY_GOLDEN") == "1";

    /// <summary>The repository's root: the folder above the tests that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <param name="actual">What the code says now.</param>
    /// <param name="path">Of the golden file, from the repository's root.</param>
    public static void Match(string actual, string path)
    {
        actual = actual.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        var file = Path.Combine(Root, path);
        if (Rewrites)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file) ?? Root);
            if (!File.Exists(file) || File.ReadAllText(file) != actual) File.WriteAllText(file, actual);
            return;
        }

        Assert.True(File.Exists(file), $"{path} is missing. Write it with SLIPWAY_GOLDEN=1 and look at it.");
        var expected = File.ReadAllText(file);
        if (expected != actual) Assert.Fail($"{path} differs {FirstDifference(expected, actual)}\nIf that is meant, rewrite it with SLIPWAY_GOLDEN=1.");
    }

    private static string FirstDifference(string expected, string actual)
    {
        string[] was = expected.Split('\n'), now = actual.Split('\n');
        var line = was.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"at line {line + 1}:\n  was: {was.ElementAtOrDefault(line)}\n  now: {now.ElementAtOrDefault(line)}";
    }

    private static string FindRoot()
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
            if (File.Exists(Path.Combine(at, "Slipway.slnx"))) return at;
        throw new DirectoryNotFoundException("No Slipway.slnx above the tests.");
    }
}

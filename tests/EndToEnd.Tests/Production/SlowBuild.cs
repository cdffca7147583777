using System.Globalization;
using EndToEnd.Tests.Bounded;

namespace EndToEnd.Tests.Production;

/// <summary>A build of some eight seconds whose lines are numbered: long enough to kill something during it, and to tell what was lost or doubled.</summary>
internal static class SlowBuild
{
    public const int Lines = 40;

    /// <returns>The deployment's id, at once.</returns>
    public static async Task<string> BeginAsync(Installation slipway, string project)
    {
        var app = BusyboxApp.Create($"RUN for i in $(seq 1 {Lines}); do echo line-$i-of-all; sleep 0.2; done");
        _ = slipway.Start("deploy", app, "--project", project);
        return await slipway.NewestAsync(project);
    }

    /// <summary>Each line of the program at most once and in order; all of them where the build came to its end.</summary>
    public static void AssertOnce(IEnumerable<string> log, bool isWhole)
    {
        var numbers = log.Where(t => t.StartsWith("line-", StringComparison.Ordinal) && t.EndsWith("-of-all", StringComparison.Ordinal)).Select(t => int.Parse(t.Split('-')[1], CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Enumerable.Range(1, isWhole ? Lines : numbers.Count), numbers);
    }
}

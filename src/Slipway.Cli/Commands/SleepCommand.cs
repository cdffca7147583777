using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

internal static class SleepCommand
{
    public static Verb Create(CliContext context)
    {
        var project = new Argument<string>("project") { HelpName = "PROJECT", Description = "the project's name" };
        var whether = new Argument<string?>("whether") { HelpName = "on|off|default", Description = "sleep at all, never, or as the installation says", Arity = ArgumentArity.ZeroOrOne };
        var after = new Option<string?>("--after") { HelpName = "TIME", Description = "freeze what was unused for so long (90s, 5m, 2h, 1d)" };
        var stopAfter = new Option<string?>("--stop-after") { HelpName = "TIME", Description = "stop what was unused for so long" };
        var production = new Option<string?>("--production") { HelpName = "on|off", Description = "whether what serves production sleeps too" };
        var crawlers = new Option<string?>("--crawlers") { HelpName = "on|off", Description = "whether crawlers and monitors keep an app awake and wake it" };
        var verb = new Verb(
            "sleep", "when a project's idle deployments sleep; a request wakes them", VerbGroup.Change,
            new Example("sleep shop", "show it"),
            new Example("sleep shop --after 10m --stop-after 2h", "freeze after ten minutes without a visitor, stop after two hours"),
            new Example("sleep shop --production on", "production sleeps too"),
            new Example("sleep shop off", "never; default: as the installation says"))
        {
            project, whether, after, stopAfter, production, crawlers,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(project), parse.GetValue(whether), new SetSleep(
            Switch(parse.GetValue(whether) is "default" ? null : parse.GetValue(whether), "whether"), Seconds(parse.GetValue(after), "after"), Seconds(parse.GetValue(stopAfter), "stop-after"),
            Switch(parse.GetValue(production), "production"), Switch(parse.GetValue(crawlers), "crawlers")), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string project, string? whether, SetSleep change, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var now = whether == "default" ? await server.ResetSleepAsync(project, ct) : null;
        if (change != new SetSleep()) now = await server.SetSleepAsync(project, change, ct);
        now ??= await server.SleepAsync(project, ct);
        context.Screen.Document(now, CliJson.Pretty.SleepView);
        foreach (var line in Lines(project, now)) context.Screen.Say(line);
        return ExitCode.Done;
    }

    internal static IEnumerable<string> Lines(string project, SleepView now)
    {
        var whose = now.Own ? "its own setting" : "as the installation says";
        if (!now.Enabled)
        {
            yield return $"{project} never sleeps ({whose})";
            yield break;
        }

        yield return $"{project}'s idle previews {(now.Production ? "and its production " : "")}sleep ({whose}):";
        yield return $"  frozen   after {Words.Age(TimeSpan.FromSeconds(now.AfterSeconds))} without a visitor; woken in milliseconds";
        yield return $"  stopped  after {Words.Age(TimeSpan.FromSeconds(now.StopAfterSeconds))}, or when memory is short; woken in about a second";
        if (!now.Production) yield return "  production stays awake (--production on lets it sleep)";
        yield return now.CrawlersWake ? "  crawlers and monitors keep it awake and wake it" : "  crawlers and monitors neither keep it awake nor wake it (--crawlers on changes that)";
    }

    private static bool? Switch(string? given, string field) => given switch
    {
        null => null,
        "on" => true,
        "off" => false,
        _ => throw CliError.Usage("cli.usage", $"'{given}' is neither on nor off", field, field == "whether" ? "write on, off or default" : $"write --{field} on or --{field} off"),
    };

    private static long? Seconds(string? given, string field)
    {
        if (given is null) return null;
        return TimeText.Seconds(given) ?? throw CliError.Usage("cli.usage", $"'{given}' is no length of time", field, "write a number and s, m, h or d: 90s, 5m, 2h, 1d");
    }
}

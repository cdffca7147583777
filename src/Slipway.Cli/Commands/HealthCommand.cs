using System.CommandLine;
using System.Globalization;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

internal static class HealthCommand
{
    public static Verb Create(CliContext context)
    {
        var project = new Argument<string>("project") { HelpName = "PROJECT", Description = "the project's name" };
        var reset = new Argument<string?>("reset") { HelpName = "default", Description = "ask as the installation says", Arity = ArgumentArity.ZeroOrOne };
        var path = new Option<string?>("--path") { HelpName = "PATH", Description = "what is asked for, by GET; redirects are not followed" };
        var status = new Option<string?>("--status") { HelpName = "STATUS", Description = "what must be answered: 200, 200-399, 200,204" };
        var timeout = new Option<string?>("--timeout") { HelpName = "TIME", Description = "one answer may take so long (5s)" };
        var grace = new Option<string?>("--grace") { HelpName = "TIME", Description = "a new instance may take so long to come up (90s, 5m)" };
        var interval = new Option<string?>("--interval") { HelpName = "TIME", Description = "the longest pause between two questions (2s)" };
        var verb = new Verb(
            "health", "how a project's new instances are asked before they get visitors", VerbGroup.Change,
            new Example("health shop", "show it"),
            new Example("health shop --path /healthz --status 200", "ready only when its health page says 200"),
            new Example("health shop --grace 5m", "an app that takes long to start"),
            new Example("health shop default", "as the installation says"))
        {
            project, reset, path, status, timeout, grace, interval,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(project), IsReset(parse.GetValue(reset)), new SetHealth(
            parse.GetValue(path), parse.GetValue(status), Seconds(parse.GetValue(timeout), "timeout"), Seconds(parse.GetValue(grace), "grace"), Seconds(parse.GetValue(interval), "interval")), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string project, bool isReset, SetHealth change, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var now = isReset ? await server.ResetHealthAsync(project, ct) : null;
        if (change != new SetHealth()) now = await server.SetHealthAsync(project, change, ct);
        now ??= await server.HealthAsync(project, ct);
        context.Screen.Document(now, CliJson.Pretty.HealthView);
        foreach (var line in Lines(project, now)) context.Screen.Say(line);
        return ExitCode.Done;
    }

    internal static IEnumerable<string> Lines(string project, HealthView now)
    {
        yield return $"a new instance of {project} is up ({(now.Own ? "its own setting" : "as the installation says")}):";
        yield return $"  when GET {now.Path} answers {now.Status} within {Number(now.TimeoutSeconds)} s";
        yield return $"  which may take it {Number(now.GraceSeconds)} s; it is asked at least every {Number(now.IntervalSeconds)} s";
    }

    private static string Number(double seconds) => seconds.ToString("0.##", CultureInfo.InvariantCulture);

    private static bool IsReset(string? given) => given switch
    {
        null => false,
        "default" => true,
        _ => throw CliError.Usage("cli.usage", $"'{given}' is not default", "reset", "give options, or write default: slipway health shop default"),
    };

    private static double? Seconds(string? given, string field)
    {
        if (given is null) return null;
        return TimeText.Seconds(given) ?? throw CliError.Usage("cli.usage", $"'{given}' is no length of time", field, "write a number and s, m or h: 5s, 90s, 5m");
    }
}

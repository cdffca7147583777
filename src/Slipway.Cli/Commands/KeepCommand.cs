using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

internal static class KeepCommand
{
    public static Verb Create(CliContext context)
    {
        var project = new Argument<string>("project") { HelpName = "PROJECT", Description = "the project's name" };
        var reset = new Argument<string?>("reset") { HelpName = "default", Description = "keep them as the installation says", Arity = ArgumentArity.ZeroOrOne };
        var last = new Option<int?>("--last") { HelpName = "N", Description = "keep the last N deployments" };
        var idle = new Option<string?>("--idle") { HelpName = "TIME|never", Description = "end a preview that nobody used for so long (12h, 14d), or never for that" };
        var verb = new Verb(
            "keep", "how long a project's deployments are kept before they end", VerbGroup.Change,
            new Example("keep shop", "show it"),
            new Example("keep shop --last 30 --idle 60d", "the last thirty, previews for two months after their last visitor"),
            new Example("keep shop --idle never", "previews end by their number only"),
            new Example("keep shop default", "as the installation says"))
        {
            project, reset, last, idle,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(project), IsReset(parse.GetValue(reset)), new SetRetention(parse.GetValue(last), Seconds(parse.GetValue(idle))), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string project, bool isReset, SetRetention change, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var now = isReset ? await server.ResetRetentionAsync(project, ct) : null;
        if (change != new SetRetention()) now = await server.SetRetentionAsync(project, change, ct);
        now ??= await server.RetentionAsync(project, ct);
        context.Screen.Document(now, CliJson.Pretty.RetentionView);
        foreach (var line in Lines(project, now)) context.Screen.Say(line);
        return ExitCode.Done;
    }

    internal static IEnumerable<string> Lines(string project, RetentionView now)
    {
        yield return $"{project} keeps ({(now.Own ? "its own setting" : "as the installation says")}):";
        yield return "  production, what a rollback would go to, and the newest ready deployment of each branch";
        yield return $"  besides, the last {now.Keep}{(now.PreviewIdleSeconds > 0 ? $"; of these a preview ends after {Words.Age(TimeSpan.FromSeconds(now.PreviewIdleSeconds))} without a visitor" : "")}";
        yield return "  deployments of a branch that the repository has no more end at once";
    }

    private static bool IsReset(string? given) => given switch
    {
        null => false,
        "default" => true,
        _ => throw CliError.Usage("cli.usage", $"'{given}' is not default", "reset", "give options, or write default: slipway keep shop default"),
    };

    private static long? Seconds(string? given) => given switch
    {
        null => null,
        "never" => 0,
        _ => TimeText.Seconds(given) ?? throw CliError.Usage("cli.usage", $"'{given}' is no length of time", "idle", "write a number and m, h or d: 12h, 14d, or never"),
    };
}

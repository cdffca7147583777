using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Slipway.Cli.Commands;
using Slipway.Cli.Connection;
using Slipway.Client;

namespace Slipway.Cli.CommandLine;

/// <summary>From words to an exit code: parse, run the verb, and say what went wrong in the one way that scripts rely on.</summary>
internal static class SlipwayCommand
{
    public static async Task<int> RunAsync(string[] args, CliContext context)
    {
        var root = Build(context);
        var parse = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        try
        {
            if (args.Length == 0) return Help(root);
            if ((parse.Errors.Count > 0 || LooseOption(parse) is not null) && parse.Action is not { ClearsParseErrors: true }) throw Misuse(parse);
            return await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (CliError e)
        {
            context.Screen.Fail(e);
            return e.ExitCode;
        }
        catch (SlipwayApiException e)
        {
            var refusal = RunningServer.Refusal(e);
            context.Screen.Fail(refusal);
            return refusal.ExitCode;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A bug of ours, or a machine in a state that nobody thought of: said in the same form, with what helps to find it.
            context.Screen.Fail(CliError.Broken("cli.unexpected", $"{e.GetType().Name}: {e.Message}", Environment.GetEnvironmentVariable("SLIPWAY_TRACE") is null ? "SLIPWAY_TRACE=1 shows where" : e.StackTrace, e));
            return ExitCode.Broken;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    public static RootCommand Build(CliContext context)
    {
        var root = new RootCommand("a folder, a push or a click to a live URL, on your own machine");
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpPage();
        }

        root.Add(new Option<bool>("--json") { Description = "one JSON document on stdout, progress on stderr", Recursive = true });
        foreach (var verb in Verbs(context)) root.Add(verb);
        return root;
    }

    private static int Help(RootCommand root)
    {
        HelpPage.Write(root, Console.Out);
        return ExitCode.Usage;
    }

    private static IEnumerable<Verb> Verbs(CliContext context) =>
    [
        DeployCommand.Create(context), RedeployCommand.Create(context), PlanCommand.Create(context), CancelCommand.Create(context),
        PromoteCommand.Create(context), RollbackCommand.Create(context),
        LsCommand.Create(context), InspectCommand.Create(context), LogsCommand.Create(context), StatsCommand.Create(context), ExecCommand.Create(context), AuditCommand.Create(context), OpenCommand.Create(context),
        EnvCommand.Create(context), AliasCommand.Create(context), DomainsCommand.Create(context), VolumeCommand.Create(context), AllowCommand.Create(context), SleepCommand.Create(context), KeepCommand.Create(context), HealthCommand.Create(context), ProtectCommand.Create(context), FailedJobsCommand.Create(context), RmCommand.Create(context),
        UpCommand.Create(context), DownCommand.Create(context), StatusCommand.Create(context), StackCommand.Create(context),
        BackupCommand.Create(context), RestoreCommand.Create(context), MoveCommand.Create(context), DbCommand.Create(context), SetupCommand.Create(context),
    ];

    /// <summary>The parser takes a mistyped option for an argument's value; none of our own arguments begins with '-'.</summary>
    private static string? LooseOption(ParseResult parse) =>
        parse.CommandResult.Children.OfType<ArgumentResult>().Take(parse.CommandResult.Command is Verb { TakesCommand: true } ? 1 : int.MaxValue).SelectMany(a => a.Tokens).Select(t => t.Value).FirstOrDefault(v => v is ['-', _, ..]);

    private static CliError Misuse(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var known = command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name).ToList();
        var help = $"{HelpPage.Path(command)} --help";
        if (known.Count > 0 && parse.UnmatchedTokens is [{ } typed, ..] && !typed.StartsWith('-'))
        {
            var hint = Suggestion.For(typed, known) is { } near ? $"did you mean '{near}'?" : $"there are: {string.Join(", ", known)}";
            return CliError.Usage("cli.unknown_verb", $"there is no verb '{typed}'", "verb", hint);
        }

        if ((LooseOption(parse) ?? parse.UnmatchedTokens.FirstOrDefault(t => t.StartsWith('-'))) is { } option)
        {
            var options = command.Options.Concat(parse.RootCommandResult.Command.Options).Where(o => !o.Hidden).Select(o => o.Name);
            var hint = Suggestion.For(option, options) is { } near ? $"did you mean '{near}'?" : $"see: {help}";
            return CliError.Usage("cli.unknown_option", $"there is no option '{option}' here", option.TrimStart('-'), hint);
        }

        return CliError.Usage("cli.usage", string.Join(" ", parse.Errors.Select(e => e.Message)), null, $"see: {help}");
    }
}

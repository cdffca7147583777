using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Slipway.Cli.CommandLine;

/// <summary>Help that teaches: what a verb is for, its options, and commands to copy.</summary>
internal sealed class HelpPage : SynchronousCommandLineAction
{
    private const string ExitCodes = """
        Exit codes: 0 ready or done · 1 the deployment failed or was canceled · 2 wrong use · 3 Slipway unreachable or broken
        With --json every verb prints one JSON document on stdout, and progress on stderr.
        """;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        Write(parseResult.CommandResult.Command, parseResult.InvocationConfiguration.Output);
        return ExitCode.Done;
    }

    public static void Write(Command command, TextWriter to)
    {
        if (command is RootCommand root) WriteRoot(root, to);
        else WriteVerb(command, to);
    }

    private static void WriteRoot(RootCommand root, TextWriter to)
    {
        to.WriteLine("slipway: a folder, a push or a click to a live URL, on your own machine");
        var verbs = root.Subcommands.OfType<Verb>().ToList();
        foreach (var (group, title) in new[] { (VerbGroup.Deploy, "Deploy"), (VerbGroup.Look, "Look"), (VerbGroup.Change, "Change"), (VerbGroup.Machine, "This machine") })
        {
            to.WriteLine();
            to.WriteLine(title);
            Columns(to, verbs.Where(v => v.Group == group).Select(v => ($"slipway {v.Examples[0].Text}", v.Description ?? "")));
        }

        to.WriteLine();
        to.WriteLine("More about a verb, with examples: slipway VERB --help");
        to.WriteLine();
        to.WriteLine("Environment");
        Columns(to, [("SLIPWAY_HOME", "where all is kept (default ~/.slipway)"), ("SLIPWAY_PORT", "the port of the edge (default 80, else 8080)"), ("DOCKER_HOST", "an engine elsewhere than /var/run/docker.sock")]);
        to.WriteLine();
        to.WriteLine(ExitCodes);
    }

    private static void WriteVerb(Command command, TextWriter to)
    {
        var path = Path(command);
        to.WriteLine($"{path}: {command.Description}");
        to.WriteLine();
        to.WriteLine("Usage");
        var verbs = command.Subcommands.Where(c => !c.Hidden).ToList();
        // A verb with words of its own does something without the verbs below it.
        var own = command.Arguments.Any(a => !a.Hidden) ? new[] { ($"{path} {Usage(command)}", command.Description ?? "") } : [];
        if (verbs.Count > 0) Columns(to, own.Concat(verbs.Select(v => ($"{Path(v)} {Usage(v)}".TrimEnd(), v.Description ?? ""))));
        else to.WriteLine($"  {path} {Usage(command)}".TrimEnd());
        Section(to, "Arguments", command.Arguments.Where(a => !a.Hidden).Select(a => (Name(a), a.Description ?? "")));
        Section(to, "Options", command.Options.Concat(Recursive(command)).Where(o => !o.Hidden).Select(o => (Name(o), o is HelpOption ? "this page" : o.Description ?? "")));
        if (command is not Verb verb) return;
        if (verb.More is { } more)
        {
            to.WriteLine();
            to.WriteLine(more);
        }

        Section(to, "Examples", verb.Examples.Select(e => ($"slipway {e.Text}", e.Why)));
    }

    /// <summary>As it is typed: <c>slipway env set</c>.</summary>
    public static string Path(Command command)
    {
        if (command is RootCommand) return "slipway";
        var parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null or RootCommand ? $"slipway {command.Name}" : $"{Path(parent)} {command.Name}";
    }

    private static string Usage(Command command)
    {
        var arguments = command.Arguments.Where(a => !a.Hidden).Select(a => a.Arity.MinimumNumberOfValues == 0 ? $"[{Name(a)}]" : Name(a));
        return string.Join(' ', arguments.Append("[options]"));
    }

    private static IEnumerable<Option> Recursive(Command command) =>
        command.Parents.OfType<Command>().SelectMany(p => p.Options.Where(o => o.Recursive).Concat(Recursive(p)));

    private static string Name(Argument argument) => argument.HelpName ?? argument.Name.ToUpperInvariant();

    private static string Name(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(a => !a.StartsWith('/') && a != "-?").Prepend(option.Name).OrderBy(n => n.Length));
        return option.ValueType == typeof(bool) || option is HelpOption ? names : $"{names} {option.HelpName ?? "VALUE"}";
    }

    private static void Section(TextWriter to, string title, IEnumerable<(string Left, string Right)> rows)
    {
        var list = rows.ToList();
        if (list.Count == 0) return;
        to.WriteLine();
        to.WriteLine(title);
        Columns(to, list);
    }

    private static void Columns(TextWriter to, IEnumerable<(string Left, string Right)> rows)
    {
        var list = rows.ToList();
        var width = list.Max(r => r.Left.Length);
        foreach (var (left, right) in list) to.WriteLine($"  {left.PadRight(width)}  {right}".TrimEnd());
    }
}

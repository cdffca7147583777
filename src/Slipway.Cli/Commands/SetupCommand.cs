using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

/// <summary>The machine's part of <c>up</c> alone, for <c>./test</c>.</summary>
internal static class SetupCommand
{
    public static Verb Create(CliContext context)
    {
        var with = new Option<string[]>("--with") { HelpName = "PACKAGE[:PROGRAM]", Description = "install this package too unless its program is there", AllowMultipleArgumentsPerToken = true };
        var verb = new Verb("setup", "install what Slipway needs and start the engine, nothing else", VerbGroup.Hidden, new Example("setup --with busybox-static:busybox", "what ./test does"))
        {
            with,
        };
        verb.SetAction((parse, ct) => RunAsync(context, [.. (parse.GetValue(with) ?? []).Select(Read)], ct));
        return verb;
    }

    private static Need Read(string text) => text.Split(':') is [var package, var program] ? new Need(package, program, "asked for") : new Need(text, text, "asked for");

    private static async Task<int> RunAsync(CliContext context, IReadOnlyList<Need> more, CancellationToken ct)
    {
        var screen = context.Screen;
        var done = await Progress.RunAsync(screen, context.Time, progress => new MachineSetup(context.Home, context.Time, screen).EnsureAsync(more, progress, ct));
        screen.Document(done, CliJson.Pretty.SetupDocument);
        screen.Say($"Docker Engine {done.EngineVersion} answers at {done.Engine}; installed: {(done.Installed.Count == 0 ? "nothing, all was there" : string.Join(", ", done.Installed))}");
        return ExitCode.Done;
    }
}

using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Cli.Variables;
using Slipway.Client;
using Slipway.Core.Projects;

namespace Slipway.Cli.Commands;

internal static class EnvSetCommand
{
    public static Verb Create(CliContext context)
    {
        var variable = new Argument<string>("name") { HelpName = "NAME", Description = "the variable's name; with --plain NAME=value" };
        var project = EnvOptions.Project();
        var target = EnvOptions.Target();
        var phase = EnvOptions.Phase();
        var file = new Option<string?>("--value-file") { HelpName = "FILE", Description = "read the value from this file (a newline at its end is dropped)" };
        var plain = new Option<bool>("--plain") { Description = "no secret: it is shown by ls, and may stand on the command line" };
        var verb = new Verb(
            "set", "set a variable; a secret's value comes by prompt, pipe or file, never on the command line", VerbGroup.Change,
            new Example("env set API_KEY -p shop", "asks for the value without showing it"),
            new Example("env set API_KEY -p shop < key.txt", "from a pipe or file"),
            new Example("env set TLS_KEY -p shop --value-file key.pem --phase run", "from a file, for the running app only"),
            new Example("env set LOG_LEVEL=debug -p shop --plain --target preview", "no secret"))
        {
            variable, project, target, phase, file, plain,
        };
        verb.SetAction((parse, ct) => RunAsync(
            context, parse.GetRequiredValue(project),
            Read(context, parse.GetRequiredValue(variable), parse.GetValue(file), parse.GetValue(plain)) with { Target = parse.GetRequiredValue(target), Phase = parse.GetRequiredValue(phase) }, ct));
        return verb;
    }

    private static SetEnvironmentVariable Read(CliContext context, string given, string? file, bool isPlain)
    {
        var equals = given.IndexOf('=');
        var name = equals < 0 ? given : given[..equals];
        if (EnvironmentVariable.CheckName(name) is { } bad) throw CliError.Usage(bad.Code, bad.Message, "name", bad.Hint);
        if (equals < 0) return new SetEnvironmentVariable(name, SecretInput.Read(context, name, file), Secret: !isPlain);
        if (!isPlain)
        {
            throw CliError.Usage(
                "env.value_in_argv", $"a secret on the command line can be read by every user of this machine and stays in your shell's history; nothing was set", "name",
                $"pipe it (… | slipway env set {name} -p PROJECT), use --value-file FILE, or just leave '=…' away to be asked. If it is no secret: --plain");
        }

        if (file is not null) throw CliError.Usage("cli.usage", "a value and --value-file were both given", "value-file", "give one of them");
        return new SetEnvironmentVariable(name, given[(equals + 1)..]);
    }

    private static async Task<int> RunAsync(CliContext context, string project, SetEnvironmentVariable variable, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var all = await server.SetEnvironmentAsync(project, new SetEnvironment([variable]), ct);
        context.Screen.Document(all, CliJson.Pretty.IReadOnlyListEnvironmentVariableView);
        context.Screen.Say($"set {variable.Name} of {project} ({variable.Target}, {variable.Phase}); it takes effect at the next deployment");
        return ExitCode.Done;
    }
}

using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Cli.Variables;
using Slipway.Client;

namespace Slipway.Cli.Commands;

internal static class EnvImportCommand
{
    public static Verb Create(CliContext context)
    {
        var file = new Argument<string>("file") { HelpName = "FILE", Description = "a .env file, or - for stdin" };
        var project = EnvOptions.Project();
        var target = EnvOptions.Target();
        var phase = EnvOptions.Phase();
        var plain = new Option<bool>("--plain") { Description = "no secrets: ls shows the values" };
        var verb = new Verb("import", "set all variables of a .env file, as secrets unless --plain", VerbGroup.Change, new Example("env import .env.production -p shop --target production", "quotes, comments, export and lines within \"…\" are understood"))
        {
            file, project, target, phase, plain,
        };
        verb.SetAction((parse, ct) => RunAsync(
            context, parse.GetRequiredValue(project), parse.GetRequiredValue(file),
            (name, value) => new SetEnvironmentVariable(name, value, parse.GetRequiredValue(target), parse.GetRequiredValue(phase), Secret: !parse.GetValue(plain)), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string project, string file, Func<string, string, SetEnvironmentVariable> make, CancellationToken ct)
    {
        var variables = DotEnvFile.Parse(Read(context, file)).Select(v => make(v.Key, v.Value)).ToList();
        if (variables.Count == 0) throw CliError.Usage("env.file_empty", $"{file} sets no variable", "file", "write NAME=value lines");
        using var server = RunningServer.Connect(context);
        var all = await server.SetEnvironmentAsync(project, new SetEnvironment(variables), ct);
        context.Screen.Document(all, CliJson.Pretty.IReadOnlyListEnvironmentVariableView);
        context.Screen.Say($"set {variables.Count} of {project}: {string.Join(", ", variables.Select(v => v.Name))}; they take effect at the next deployment");
        return ExitCode.Done;
    }

    private static string Read(CliContext context, string file)
    {
        if (file == "-") return context.Input?.ReadToEnd() ?? throw CliError.Usage("cli.usage", "nothing comes by stdin", "file", "name a file, or pipe one in");
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliError.Usage("env.file_unreadable", $"{file} cannot be read: {e.Message}", "file", "give a file that you may read");
        }
    }
}

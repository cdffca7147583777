using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

internal static class EnvLsCommand
{
    public static Verb Create(CliContext context)
    {
        var project = new Argument<string>("project") { HelpName = "PROJECT", Description = "the project's name" };
        var verb = new Verb("ls", "list a project's variables", VerbGroup.Change, new Example("env ls shop", "a secret's value is never shown")) { project };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(project), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string project, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var found = await server.ListEnvironmentAsync(project, ct);
        context.Screen.Document(found, CliJson.Pretty.IReadOnlyListEnvironmentVariableView);
        if (found.Count == 0) context.Screen.Say($"{project} has no variables: slipway env set NAME --project {project}");
        else foreach (var line in Table.Lines(["name", "value", "target", "phase"], found.Select(v => new[] { v.Name, v.Secret ? "(secret)" : OneLine(v.Value ?? ""), v.Target, v.Phase }))) context.Screen.Say(line);
        return ExitCode.Done;
    }

    private static string OneLine(string value) => value.Replace("\n", "\\n", StringComparison.Ordinal);
}

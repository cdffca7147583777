using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Client;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Cli.Commands;

internal static class PlanCommand
{
    public static Verb Create(CliContext context)
    {
        var folder = new Argument<string>("dir") { HelpName = "DIR", Description = "the folder (default: this one)", DefaultValueFactory = _ => "." };
        var root = VerbOptions.Root();
        var verb = new Verb(
            "plan", "what Slipway would do with a folder, and why; needs no server and no engine", VerbGroup.Deploy,
            new Example("plan", "this folder"),
            new Example("plan examples/next --json", "for scripts; its dockerfile can be kept and edited"))
        {
            folder, root,
        };
        verb.SetAction(parse => Run(context, parse.GetRequiredValue(folder), parse.GetValue(root)));
        return verb;
    }

    private static int Run(CliContext context, string folder, string? root)
    {
        if (!Directory.Exists(folder)) throw CliError.Usage("source.not_found", $"there is no folder {folder}", "dir", "give an existing folder");
        var (tree, options) = (new FolderTree(folder), new PlanOptions { RootDirectory = root });
        var planned = Planner.Plan(tree, options);
        if (planned.Failure is null) planned = RuleReader.AddTo(planned.Value, tree, options);
        if (planned.IsFailure(out var failure)) throw new CliError(ExitCode.Failed, failure.Code, failure.Message, null, failure.Hint);
        var plan = planned.Value;
        context.Screen.Document(View(plan), CliJson.Pretty.PlanView);
        foreach (var line in Lines(plan)) context.Screen.Say(line);
        return ExitCode.Done;
    }

    private static PlanView View(BuildPlan p) => new(
        p.Provider, p.Framework, p.PackageManager, p.Install, p.Build, p.Start, new PlanOutputView(p.Output.Kind, p.Output.Directory), p.Port, p.Dockerfile,
        [.. p.Evidence.Select(e => new PlanEvidenceView(e.File, e.What))]);

    private static IEnumerable<string> Lines(BuildPlan p)
    {
        yield return $"provider   {p.Provider}{(p.Framework is { } framework ? $" ({framework})" : "")}{(p.PackageManager is { } manager ? $", {manager}" : "")}";
        if (p.Install is { } install) yield return $"install    {install}";
        if (p.Build is { } build) yield return $"build      {build}";
        if (p.Start is { } start) yield return $"start      {start}";
        yield return p.Output.Directory is { } directory ? $"output     {p.Output.Kind}: {directory}{(p.Output.IsSpa ? ", unknown paths get index.html" : "")}" : $"output     {p.Output.Kind}, on port {p.Port}";
        foreach (var evidence in p.Evidence) yield return $"because    {evidence.File}: {evidence.What}";
        foreach (var warning in p.Warnings) yield return $"warning    {warning}";
        yield return "";
        foreach (var line in p.Dockerfile.TrimEnd().Split('\n')) yield return line;
    }
}

using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

/// <summary><c>rollback --json</c>: what was to come back, and what came of it.</summary>
internal sealed record RollbackDocument(RollbackView Rollback, ProductionView Production);

internal static class RollbackCommand
{
    public static Verb Create(CliContext context)
    {
        var project = new Argument<string>("project") { HelpName = "PROJECT", Description = "the project's name" };
        var deployment = new Argument<string?>("deployment") { HelpName = "DEPLOYMENT", Description = "its id (dpl_…) or hash (default: what was production before)", Arity = ArgumentArity.ZeroOrOne };
        var yes = new Option<bool>("--yes", "-y") { Description = "without asking" };
        var release = new Option<bool>("--release") { Description = "let the next deployment for production have it again; nothing moves now" };
        var verb = new Verb(
            "rollback", "take production back to what it was; nothing is rebuilt", VerbGroup.Deploy,
            new Example("rollback shop", "says what comes back and what differs, asks, and does it"),
            new Example("rollback shop dpl_01jd… --yes", "to this one, without asking"),
            new Example("rollback --release shop", "the next --prod deployment or push goes to production again"))
        {
            project, deployment, yes, release,
        };
        verb.SetAction((parse, ct) => parse.GetValue(release)
            ? ReleaseAsync(context, parse.GetRequiredValue(project), parse.GetValue(deployment), ct)
            : RunAsync(context, parse.GetRequiredValue(project), parse.GetValue(deployment), parse.GetValue(yes), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string project, string? deployment, bool isSure, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var rollback = await server.ConsiderRollbackAsync(project, deployment, ct);
        foreach (var line in Lines(rollback)) context.Screen.Tell(line);
        Confirm(context, isSure);
        // The very one that was shown, whatever happened meanwhile.
        var production = await server.RollbackAsync(project, new RollbackRequest(rollback.To.Id), ct);
        context.Screen.Document(new RollbackDocument(rollback, production), CliJson.Pretty.RollbackDocument);
        foreach (var line in PromoteCommand.Lines(production)) context.Screen.Say(line);
        context.Screen.Say($"pinned: later deployments stay previews until `slipway promote DEPLOYMENT` or `slipway rollback --release {project}`");
        return ExitCode.Done;
    }

    private static async Task<int> ReleaseAsync(CliContext context, string project, string? deployment, CancellationToken ct)
    {
        if (deployment is not null) throw CliError.Usage("cli.usage", "--release takes only the project", "deployment", "see: slipway rollback --help");
        using var server = RunningServer.Connect(context);
        var released = await server.ReleaseProductionAsync(project, ct);
        context.Screen.Document(released, CliJson.Pretty.ProjectView);
        context.Screen.Say($"released: production of {project} stays {released.ProductionDeployment} until the next deployment for it is ready");
        return ExitCode.Done;
    }

    /// <summary>What comes back: source, when, and what differs. Names of variables, never values.</summary>
    internal static IEnumerable<string> Lines(RollbackView r)
    {
        yield return $"brings back  {r.To.Id}";
        yield return $"source       {DeploymentText.Source(r.To.Source)}{(r.To.Source.CommitMessage is { } message ? $"  {message}" : "")}";
        yield return $"made         {r.To.CreatedAt:yyyy-MM-dd HH:mm:ss} UTC{(r.WasProductionAt is { } at ? $", became production {at:yyyy-MM-dd HH:mm:ss} UTC" : "")}";
        if (r.From is { } from) yield return $"instead of   {from.Id}  {DeploymentText.Source(from.Source)}";
        foreach (var group in r.Environment.GroupBy(v => v.Change)) yield return $"environment  {group.Key}: {string.Join(", ", group.Select(v => v.Name))}";
        foreach (var other in r.Differs) yield return $"differs      {other}";
        if (r.Environment.Count == 0 && r.Differs.Count == 0) yield return "differs      nothing but the source";
    }

    private static void Confirm(CliContext context, bool isSure)
    {
        // Only a person is asked: a script has said what it wants.
        if (isSure || context.Screen.IsJson || !context.Screen.IsTerminal || context.Input is not null) return;

        context.Screen.Errors.Write("Roll back? [y/N] ");
        if (Console.ReadLine()?.Trim() is not ("y" or "Y" or "yes")) throw CliError.Usage("rollback.not_confirmed", "nothing was changed", "yes");
    }
}

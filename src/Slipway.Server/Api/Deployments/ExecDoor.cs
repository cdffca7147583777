using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Auditing;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Launching;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Server.Api.Auditing;

namespace Slipway.Server.Api.Deployments;

/// <summary>A command that was let in; while it is open, its instance counts as used.</summary>
internal sealed record OpenedCommand(RunningCommand Command, IDisposable Entry) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Command.DisposeAsync();
        Entry.Dispose();
    }
}

/// <summary>Lets a command into an instance: wakes it, and writes down who runs what before it runs.</summary>
internal sealed class ExecDoor(
    DeploymentLookup lookup, IDeploymentStore deployments, IProjectStore projects, InstanceStart start, IInstanceCommands commands, OpenCommands open, AuditTrail audit, ILogger<ExecDoor> log)
{
    private const int MaxWords = 1_000;

    public async Task<Outcome<OpenedCommand>> BeginAsync(string id, ExecStart asked, string by, CancellationToken ct)
    {
        if (Check(asked) is { } bad) return bad;
        if (await lookup.FindServingAsync(id, ct) is not { } d) return new Failure("deployment.not_found", $"there is no deployment '{id}'", "list them with: slipway ls");
        if (open.TryEnter(d.Id) is not { } entry) return new Failure("exec.too_many", $"{OpenCommands.Most} commands run at once already", "end one of them first");
        var begun = await EnterAsync(d, asked, by, ct);
        if (begun.IsFailure(out var failure))
        {
            entry.Dispose();
            return failure;
        }

        return new OpenedCommand(begun.Value, entry);
    }

    private async Task<Outcome<RunningCommand>> EnterAsync(Deployment d, ExecStart asked, string by, CancellationToken ct)
    {
        if (d.State is not (DeploymentState.Deploying or DeploymentState.Ready)) return NoInstance(d);
        // A ready one may sleep; one on its way up is its launcher's to start.
        if (d.State == DeploymentState.Ready && (await start.StartAsync(d, _ => { }, ct)).IsFailure(out var failure)) return failure;
        var secrets = (await projects.EnvironmentAsync(d.Project, null, ct)).Where(v => v.IsSecret).Select(v => v.Value);
        var shown = CommandText.Mask(asked.Command, secrets);
        if (await audit.WriteAsync(by, AuditAction.Exec, d.Team, d.ProjectName, $"{d.Hash}: {CommandText.Line(shown)}", ct) is { } unwritten) return unwritten;
        if (await deployments.ApplyAsync(d.Id, CommandRun.Of(by, shown), ct) is null) return NoInstance(d);
        log.CommandRuns(d.Id, by);
        return await commands.BeginAsync(InstanceId.Of(d.Id), new InstanceCommand(asked.Command, asked.Terminal), ct) is { } running ? running : NoInstance(d);
    }

    private static Failure? Check(ExecStart asked) => asked.Command switch
    {
        null or [] or ["", ..] => new Failure("exec.command_missing", "no command was given", "for example: slipway exec shop -- ls -l"),
        { Count: > MaxWords } => new Failure("exec.command_invalid", $"a command has at most {MaxWords} words"),
        var words when words.Any(w => w is null || w.Contains('\0')) => new Failure("exec.command_invalid", "no word of a command may be missing or hold a NUL"),
        _ => null,
    };

    private static Failure NoInstance(Deployment d) => new("runtime.no_instance", $"no app of deployment {d.Hash} runs ({d.State.ToWire()}), so no command can run in it", $"what became of it: slipway inspect {d.Hash}");
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "a command runs in {Deployment}, by {By}; which one is in its history")]
    public static partial void CommandRuns(this ILogger log, DeploymentId deployment, string by);
}

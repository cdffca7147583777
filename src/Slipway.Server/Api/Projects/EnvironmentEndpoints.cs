using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Auditing;
using Slipway.Core.Projects;
using Slipway.Server.Api.Auditing;

namespace Slipway.Server.Api.Projects;

/// <summary>A project's variables. A secret's value goes in and never comes out.</summary>
internal static class EnvironmentEndpoints
{
    private const int MaxVariables = 500;
    private const int MaxValue = 64 * 1024;

    public static void MapEnvironment(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/projects/{name}/env").WithTags("Projects");
        group.MapGet("", ListAsync).WithSummary("Its variables; secrets without value");
        group.MapPut("", SetAsync).WithSummary("Set or replace variables by name and target; takes effect at the next deployment");
        group.MapDelete("/{variable}", RemoveAsync).WithSummary("Remove a variable (of one target, or of all)");
    }

    private static async Task<Results<Ok<List<EnvironmentVariableView>>, ProblemHttpResult>> ListAsync(string name, IProjectStore projects, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return NoProject(name);
        return TypedResults.Ok((await projects.EnvironmentAsync(project.Id, null, ct)).Select(ToView).ToList());
    }

    private static async Task<Results<Ok<List<EnvironmentVariableView>>, ProblemHttpResult>> SetAsync(
        string name, SetEnvironment body, HttpRequest request, AuditTrail audit, IProjectStore projects, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return NoProject(name);
        var wanted = new List<EnvironmentVariable>();
        foreach (var v in body.Variables ?? [])
        {
            if (Read(v) is not { } read) return new Failure("env.invalid", "each variable needs a name, a value of at most 65,536 characters without NUL, target production|preview|both and phase build|run|both").Problem(field: v?.Name ?? "variables");
            if (EnvironmentVariable.CheckName(read.Name) is { } bad) return bad.Problem(field: "name");
            wanted.Add(read);
        }

        if (wanted.Count == 0) return new Failure("env.invalid", "no variables were given").Problem(field: "variables");
        if (await audit.WriteAsync(request, AuditAction.EnvironmentSet, project, string.Join(", ", wanted.Select(v => Told(v.Name, v.Target))), ct) is { } unwritten) return unwritten.Problem(StatusCodes.Status503ServiceUnavailable);
        // Names are unique per target: what is set replaces whatever it overlaps with, and leaves the other target's as it was.
        var isTooMany = false;
        var after = await projects.EnvironmentAsync(project.Id, before =>
        {
            var all = before.SelectMany(b => Without(b, wanted.Where(w => w.Name == b.Name).Aggregate(EnvironmentTarget.None, (t, w) => t | w.Target))).Concat(wanted).ToList();
            isTooMany = all.Count > MaxVariables;
            return isTooMany ? before : all;
        }, ct);
        if (isTooMany) return new Failure("env.too_many", $"a project has at most {MaxVariables} variables, and it would have more; nothing was changed", "take some away first: slipway env rm NAME --project PROJECT").Problem(field: "variables");
        return TypedResults.Ok(after.Select(ToView).ToList());
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        string name, string variable, string? target, HttpRequest request, AuditTrail audit, IProjectStore projects, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return NoProject(name);
        if (Target(target ?? "both") is not { } from) return new Failure("env.invalid", "target must be production, preview or both").Problem(field: "target");
        if (!(await projects.EnvironmentAsync(project.Id, null, ct)).Any(IsMeant)) return ApiProblems.NotFound("variable", variable);
        if (await audit.WriteAsync(request, AuditAction.EnvironmentRemove, project, Told(variable, from), ct) is { } unwritten) return unwritten.Problem(StatusCodes.Status503ServiceUnavailable);
        var found = false;
        await projects.EnvironmentAsync(project.Id, before =>
        {
            found = before.Any(IsMeant);
            return before.SelectMany(b => b.Name == variable ? Without(b, from) : [b]).ToList();
        }, ct);
        return found ? TypedResults.NoContent() : ApiProblems.NotFound("variable", variable);

        bool IsMeant(EnvironmentVariable v) => v.Name == variable && (v.Target & from) != 0;
    }

    /// <summary>For the audit trail: by name, never by value.</summary>
    private static string Told(string name, EnvironmentTarget target) => target == EnvironmentTarget.Both ? name : $"{name} ({target.ToString().ToLowerInvariant()})";

    private static EnvironmentVariable[] Without(EnvironmentVariable variable, EnvironmentTarget taken)
    {
        var left = variable.Target & ~taken;
        return left == EnvironmentTarget.None ? [] : [variable with { Target = left }];
    }

    private static EnvironmentVariable? Read(SetEnvironmentVariable? v) =>
        v is { Name: not null, Value: { Length: <= MaxValue } value } && !value.Contains('\0') && Target(v.Target) is { } target && Phase(v.Phase) is { } phase
            ? new EnvironmentVariable(v.Name, new Secret(value), target, phase, v.Secret)
            : null;

    private static EnvironmentTarget? Target(string? text) => text switch { "production" => EnvironmentTarget.Production, "preview" => EnvironmentTarget.Preview, "both" => EnvironmentTarget.Both, _ => null };

    private static EnvironmentPhase? Phase(string? text) => text switch { "build" => EnvironmentPhase.Build, "run" => EnvironmentPhase.Run, "both" => EnvironmentPhase.Both, _ => null };

    private static EnvironmentVariableView ToView(EnvironmentVariable v) =>
        new(v.Name, v.IsSecret ? null : v.Value.Reveal(), v.Target.ToString().ToLowerInvariant(), v.Phase.ToString().ToLowerInvariant(), v.IsSecret);

    /// <summary>Variables are a project's, and it begins with its first deployment.</summary>
    private static ProblemHttpResult NoProject(string name) => new Failure(
        "project.not_found", $"there is no project '{name}'", $"deploy it once, then set its variables and deploy again: slipway deploy --project {name}; projects there are: slipway ls").Problem(StatusCodes.Status404NotFound);
}

using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Projects;

namespace Slipway.Server.Api.Deployments;

/// <summary><c>POST /v1/deployments</c>: an upload or a repository becomes a queued deployment.</summary>
internal static class CreateDeploymentEndpoint
{
    private const int MaxVariables = 500;
    private const int MaxValue = 64 * 1024;

    public static async Task<Results<Accepted<DeploymentView>, ProblemHttpResult>> HandleAsync(
        CreateDeployment body, DeploymentIntake intake, DeploymentViews views, SlipwayHome home, CancellationToken ct)
    {
        if (Check(body) is { } bad) return bad.Failure.Problem(field: bad.Field);
        var asked = body.GitUrl is null ? FromUpload(body, home) : FromGit(body);
        if (asked.IsFailure(out var failure)) return failure.Problem(field: body.GitUrl is null ? "upload" : failure.Code.Contains("ref", StringComparison.Ordinal) ? "ref" : "gitUrl");
        var accepted = await intake.AcceptAsync(asked.Value, ct);
        if (accepted.IsFailure(out failure)) return failure.Problem(failure.Code == "project.name_taken" ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest, "project");
        return TypedResults.Accepted($"/v1/deployments/{accepted.Value.Id}", await views.ToViewAsync(accepted.Value, ct));
    }

    private static (Failure Failure, string Field)? Check(CreateDeployment body)
    {
        if (body.GitUrl is null == body.Upload is null) return (new Failure("deployment.source_missing", "give exactly one of gitUrl and upload"), "gitUrl");
        if (body.Project is { } name && ProjectName.Check(name) is { } badName) return (badName, "project");
        if (body.RootDirectory is { Length: > 0 } root && (root.StartsWith('/') || root.Contains('\\') || root.Contains('\0') || root.Split('/').Contains("..")))
        {
            return (new Failure("plan.root_invalid", $"the root directory '{root}' must stay inside the source", "give a relative path such as apps/web"), "rootDirectory");
        }

        var variables = body.Environment ?? new Dictionary<string, string>();
        if (variables.Count > MaxVariables) return (new Failure("env.too_many", $"more than {MaxVariables} variables"), "environment");
        foreach (var (variable, value) in variables)
        {
            if (EnvironmentVariable.CheckName(variable) is { } badVariable) return (badVariable, "environment");
            if (value is null || value.Length > MaxValue || value.Contains('\0')) return (new Failure("env.value_invalid", $"the value of {variable} is missing, longer than {MaxValue} characters or holds a NUL"), "environment");
        }

        return null;
    }

    private static Outcome<Intake> FromGit(CreateDeployment body)
    {
        var url = GitUrl.Parse(body.GitUrl ?? "");
        if (url.IsFailure(out var failure)) return failure;
        if (body.Ref is { Length: > 0 } asked && GitRef.Check(asked) is { } bad) return bad;
        return Common(body) with
        {
            Origin = url.Value.Origin,
            Suggestion = url.Value.RepositoryName,
            Source = new SourceRef { Kind = SourceKind.Git, Url = url.Value.Text, Ref = string.IsNullOrEmpty(body.Ref) ? null : body.Ref },
        };
    }

    private static Outcome<Intake> FromUpload(CreateDeployment body, SlipwayHome home)
    {
        if (!StrongId.TryParse<UploadId>(body.Upload, out var id) || !File.Exists(Path.Combine(home.Uploads, $"{id}.tar.gz")))
        {
            return new Failure("fetch.upload_missing", $"there is no upload '{body.Upload}'", "upload first: POST /v1/uploads");
        }

        var folder = Clip(body.Folder, 200);
        return Common(body) with
        {
            Origin = Clip(body.Origin, 1000) ?? $"upload:{id}",
            Suggestion = folder ?? "app",
            Source = new SourceRef { Kind = SourceKind.Upload, Upload = id, Folder = folder, Commit = Clip(body.Commit, 100), CommitMessage = Clip(body.CommitMessage, 500), Branch = Clip(body.Branch, 250) },
        };
    }

    private static Intake Common(CreateDeployment body) => new()
    {
        ProjectName = body.Project,
        Origin = "",
        Suggestion = "",
        Source = new SourceRef { Kind = SourceKind.Git },
        IsProduction = body.Production,
        RootDirectory = RootOf(body.RootDirectory),
        Environment = body.Environment ?? new Dictionary<string, string>(),
        Trigger = body.Trigger is "cli" or "dashboard" ? body.Trigger : "api",
    };

    /// <summary><c>./apps/web/</c> is <c>apps/web</c>; the source itself is none.</summary>
    private static string? RootOf(string? asked) => SourcePath.Normalize(asked ?? "") is { Length: > 0 } root ? root : null;

    private static string? Clip(string? text, int max) => text is null || text.Length <= max ? text : text[..max];
}

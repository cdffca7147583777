using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Server.Api.Deployments;
using Slipway.Server.Hosting;

namespace Slipway.Server.Api.Webhooks;

/// <summary>What became of a delivery, per project.</summary>
internal sealed record HookAnswer(string Result, string? Project, string? Deployment, string? Why);

/// <summary>
/// <c>POST /v1/hooks/github</c>. The signature over the raw body is the only proof; it is looked up among the projects of that
/// repository. A delivery that comes again has the same deployment id, so it is accepted and nothing happens twice.
/// </summary>
internal static class GitHubHook
{
    private const int MaxBody = 25 << 20;

    public static void MapGitHubHook(this IEndpointRouteBuilder v1) =>
        v1.MapPost("/hooks/github", ReceiveAsync).WithTags("Webhooks").WithSummary("GitHub's webhook: signed pushes become deployments");

    private static async Task<IResult> ReceiveAsync(HttpRequest request, IProjectStore projects, IDeploymentStore deployments, DeploymentIntake intake, DiskKeeper keeper, TimeProvider time, CancellationToken ct)
    {
        var body = await ReadAsync(request, ct);
        if (body is null) return new Failure("hook.too_large", "the delivery is larger than 25 MiB").Problem(StatusCodes.Status413PayloadTooLarge);
        if (request.Headers["X-Hub-Signature-256"].ToString() is not { Length: > 0 } signature) return Unsigned("the delivery has no X-Hub-Signature-256 header");

        // Every project of every team is asked: the signature decides whose delivery it is.
        using var system = TeamScope.EnterSystem();
        var signed = (await projects.ListAsync(ct)).Where(p => p.WebhookSecret is { } s && IsSignedBy(s, body, signature)).ToList();
        if (signed.Count == 0) return Unsigned("no project's secret matches the signature");

        var kind = request.Headers["X-GitHub-Event"].ToString();
        if (kind == "ping") return Answer(new HookAnswer("pong", signed[0].Name, null, null));
        if (kind != "push") return Answer(new HookAnswer("ignored", signed[0].Name, null, $"the event '{kind}' starts nothing"));
        if (PushEvent.Parse(body) is not { } push) return new Failure("hook.invalid", "the body is no push event").Problem(field: "body");

        var answers = new List<HookAnswer>();
        foreach (var project in signed.Where(p => push.Origins.Contains(p.Origin)))
        {
            answers.Add(push is { IsDeletion: true, Branch: { } gone }
                ? await CloseAsync(project, gone, Earlier(push.PushedAt, time.GetUtcNow()), projects, keeper, ct)
                : await DeployAsync(project, push, request.Headers["X-GitHub-Delivery"].ToString(), deployments, intake, ct));
        }

        return answers.Count > 0 ? Answer([.. answers]) : Answer(new HookAnswer("ignored", null, null, $"no project with this secret is for {push.CloneUrl}"));
    }

    /// <summary>Written down with the project, whatever branch it is: retention ends what there is of it.</summary>
    private static async Task<HookAnswer> CloseAsync(Project project, string branch, DateTimeOffset at, IProjectStore projects, DiskKeeper keeper, CancellationToken ct)
    {
        if (GitRef.Check(branch) is { } bad) return new HookAnswer("ignored", project.Name, null, bad.Message);
        await projects.UpdateAsync(project.Id, p => p.WithClosed(branch, at), ct);
        keeper.LookSoon();
        return new HookAnswer("closed", project.Name, null, $"the branch {branch} was deleted: its deployments end");
    }

    private static DateTimeOffset Earlier(DateTimeOffset? pushed, DateTimeOffset now) => pushed is { } at && at < now ? at : now;

    private static async Task<HookAnswer> DeployAsync(Project project, PushEvent push, string delivery, IDeploymentStore deployments, DeploymentIntake intake, CancellationToken ct)
    {
        if (push.WhyIgnored is { } why) return new HookAnswer("ignored", project.Name, null, why);
        using var team = TeamScope.Enter(project.Team);
        var id = IdOf(project, delivery.Length > 0 ? delivery : push.After);
        if (await deployments.FindAsync(id, ct) is { } known) return new HookAnswer("known", project.Name, known.Id.ToString(), "this delivery came before");
        var accepted = await intake.AcceptAsync(new Intake
        {
            Id = id,
            ProjectName = project.Name,
            Origin = project.Origin,
            Suggestion = project.Name,
            Source = new SourceRef { Kind = SourceKind.Git, Url = push.CloneUrl, Ref = push.Branch, Branch = push.Branch, Commit = push.After, CommitMessage = push.Message, Author = push.Author },
            IsProduction = push.Branch == (project.ProductionBranch ?? push.DefaultBranch),
            RootDirectory = project.RootDirectory,
            Trigger = "github",
        }, ct);
        return accepted.IsFailure(out var failure)
            ? new HookAnswer("refused", project.Name, null, failure.Message)
            : new HookAnswer("queued", project.Name, accepted.Value.Id.ToString(), null);
    }

    private static DeploymentId IdOf(Project project, string delivery) =>
        new(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"github/{project.Id}/{delivery}")).AsSpan(0, 16), bigEndian: true));

    private static bool IsSignedBy(Secret secret, byte[] body, string signature)
    {
        var expected = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret.Reveal()), body));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(signature));
    }

    /// <summary>Null when it is longer than we take, or than the server itself takes.</summary>
    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var body = new MemoryStream();
        var buffer = new byte[81920];
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(buffer, ct)) > 0)
            {
                if (body.Length + read > MaxBody) return null;
                body.Write(buffer, 0, read);
            }
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }

        return body.ToArray();
    }

    private static Accepted<HookAnswer[]> Answer(params HookAnswer[] answers) => TypedResults.Accepted((string?)null, answers);

    private static ProblemHttpResult Unsigned(string why) =>
        new Failure("hook.signature", why, "set the webhook's secret to the project's (POST /v1/projects/{name}/webhook makes one) and its content type to application/json").Problem(StatusCodes.Status401Unauthorized, "X-Hub-Signature-256");
}

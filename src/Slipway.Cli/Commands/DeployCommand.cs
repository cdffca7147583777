using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Machine;
using Slipway.Cli.Output;
using Slipway.Cli.Sources;
using Slipway.Client;

namespace Slipway.Cli.Commands;

internal static class DeployCommand
{
    public static Verb Create(CliContext context)
    {
        var source = new Argument<string>("source") { HelpName = "DIR | GIT_URL[#REF]", Description = "a folder (default: this one) or a repository", DefaultValueFactory = _ => "." };
        var project = new Option<string?>("--project") { HelpName = "NAME", Description = "the project's name (default: the folder's or repository's)" };
        var production = new Option<bool>("--prod") { Description = "also make it the project's production (the first ready deployment becomes it anyway)" };
        var variables = new Option<string[]>("--env") { HelpName = "NAME=value", Description = "a plain variable for this one deployment; repeatable. Secrets: slipway env set" };
        var root = VerbOptions.Root();
        var verb = new Verb(
            "deploy", "put a folder or a repository live", VerbGroup.Deploy,
            new Example("deploy", "this folder; starts Slipway (and sets the machine up) when it is not running"),
            new Example("deploy examples/next --prod", "a folder, straight to production"),
            new Example("deploy https://github.com/owner/name#main", "a branch, tag or commit of a repository"),
            new Example("deploy . --root apps/web --env GREETING=hello", "an app inside a monorepo, with a variable"),
            new Example("deploy --json | jq -r .url", "for scripts"))
        {
            source, project, production, variables, root,
        };
        verb.SetAction((parse, ct) => new Deploy(context).RunAsync(
            parse.GetRequiredValue(source),
            new CreateDeployment
            {
                Project = parse.GetValue(project),
                Production = parse.GetValue(production),
                RootDirectory = parse.GetValue(root),
                Environment = VerbOptions.Pairs(parse.GetValue(variables) ?? []),
                Trigger = "cli",
            },
            ct));
        return verb;
    }

    /// <summary>One deploy, told in order.</summary>
    private sealed class Deploy(CliContext context)
    {
        private readonly DeployWatch _watch = new(context);

        public async Task<int> RunAsync(string source, CreateDeployment wanted, CancellationToken ct)
        {
            if (wanted.Project is { } name && Core.Projects.ProjectName.Check(name) is { } bad) throw CliError.Usage(bad.Code, bad.Message, "project", bad.Hint);
            var repository = RepositoryUrl.Parse(source);
            // A folder that cannot be uploaded is said before anything is installed or started.
            var scan = repository is null ? FolderScan.Of(source, await GitHead.TrackedButIgnoredAsync(source, ct)) : null;
            foreach (var warning in scan?.Warnings ?? []) context.Screen.Warn(warning);
            var end = await Progress.RunAsync(context.Screen, context.Time, async progress =>
            {
                await new Installation(context.Home, context.Time, context.Screen).EnsureReachableAsync(progress, ct);
                using var server = RunningServer.Connect(context);
                wanted = scan is null
                    ? wanted with { GitUrl = repository!.Url, Ref = repository.Ref }
                    : await UploadAsync(server, scan, source, wanted, progress, ct);
                var deployment = await server.CreateDeploymentAsync(wanted, ct);
                return await _watch.FollowAsync(server, deployment, progress, ct);
            });
            return _watch.Conclude(end);
        }

        private static async Task<CreateDeployment> UploadAsync(SlipwayClient server, FolderScan scan, string source, CreateDeployment wanted, Progress progress, CancellationToken ct)
        {
            progress.Begin($"uploading {Path.GetFileName(scan.Root)} ({scan.Files} {(scan.Files == 1 ? "file" : "files")}, {Words.Bytes(scan.Bytes)})");
            var head = GitHead.ReadAsync(scan.Root, ct);
            await using var archive = FolderArchive.Open(scan, ct);
            var upload = await server.UploadAsync(archive, ct);
            var commit = await head;
            return wanted with
            {
                Upload = upload.Id,
                Origin = FolderOrigin.Of(Path.TrimEndingDirectorySeparator(Path.GetFullPath(source))),
                Folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(source))),
                Commit = commit?.Commit,
                CommitMessage = commit?.Message,
                Branch = commit?.Branch,
            };
        }
    }
}

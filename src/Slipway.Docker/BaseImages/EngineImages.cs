using Docker.DotNet;
using Docker.DotNet.Models;

namespace Slipway.Docker.BaseImages;

/// <summary>
/// Images made through the engine's API alone. An image appears under its tag only when it is whole: the engine tags as the
/// last act of import and of commit.
/// </summary>
/// <param name="owner">Whose half-made containers may be removed: two homes on one engine leave each other's alone.</param>
internal sealed class EngineImages(IDockerClient engine, string owner, TimeProvider time)
{
    private static readonly TimeSpan QuestionTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TransferTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromMinutes(15);

    public Task<string?> FindAsync(string reference, CancellationToken ct) =>
        Deadline.WithinAsync(QuestionTimeout, $"Looking for {reference}", time, async token =>
        {
            try
            {
                return (string?)(await engine.Images.InspectImageAsync(reference, token)).ID;
            }
            catch (DockerImageNotFoundException)
            {
                return null;
            }
        }, ct);

    /// <summary>The tags that the engine has in a repository.</summary>
    public Task<IReadOnlyList<string>> TagsAsync(string repository, CancellationToken ct) =>
        Deadline.WithinAsync<IReadOnlyList<string>>(QuestionTimeout, $"Listing {repository}", time, async token =>
        {
            var filters = new Dictionary<string, IDictionary<string, bool>> { ["reference"] = new Dictionary<string, bool> { [repository] = true } };
            var images = await engine.Images.ListImagesAsync(new() { Filters = filters }, token);
            var prefix = repository + ":";
            return [.. images.SelectMany(i => i.RepoTags ?? []).Where(t => t.StartsWith(prefix, StringComparison.Ordinal)).Select(t => t[prefix.Length..])];
        }, ct);

    public Task TagAsync(string existing, ImageTag tag, CancellationToken ct) =>
        Deadline.WithinAsync(QuestionTimeout, $"Tagging {tag}", time, token =>
            engine.Images.TagImageAsync(existing, new() { RepositoryName = tag.Repository, Tag = tag.Tag }, token), ct);

    /// <summary>An image of one layer.</summary>
    public Task ImportAsync(ImageTag tag, string tarPath, IList<string> changes, CancellationToken ct) =>
        Deadline.WithinAsync(TransferTimeout, $"Importing {tag}", time, async token =>
        {
            await using var tar = File.OpenRead(tarPath);
            var failure = new FirstError();
            await engine.Images.CreateImageAsync(
                new() { FromSrc = "-", Repo = tag.Repository, Tag = tag.Tag, Changes = changes }, tar, null, failure, token);
            failure.ThrowIfAny(tag);
        }, ct);

    /// <summary>Files laid over <paramref name="parent"/>, then commands run on them, as one more layer.</summary>
    public Task LayerAsync(BaseImage parent, ImageTag tag, string tarPath, IList<string> changes, IReadOnlyList<IList<string>> commands, Action<string> progress, CancellationToken ct) =>
        InContainerAsync(parent, tag, changes, commands.Count == 0 ? ["true"] : Waiting, async (container, token) =>
        {
            await using (var tar = File.OpenRead(tarPath))
                await engine.Containers.ExtractArchiveToContainerAsync(container, new() { Path = "/" }, tar, token);
            await RunAsync(container, commands, progress, token);
        }, ct);

    /// <summary>Commands run in <paramref name="parent"/>, what they changed kept as one more layer.</summary>
    public Task CommandsAsync(
        BaseImage parent, ImageTag tag, IReadOnlyList<IList<string>> commands, IList<string> changes, Action<string> progress, CancellationToken ct) =>
        InContainerAsync(parent, tag, changes, Waiting, (container, token) => RunAsync(container, commands, progress, token), ct);

    private static IList<string> Waiting => ["sleep", $"{CommandTimeout.TotalSeconds:0}"];

    private async Task RunAsync(string container, IReadOnlyList<IList<string>> commands, Action<string> progress, CancellationToken ct)
    {
        if (commands.Count == 0) return;
        await engine.Containers.StartContainerAsync(container, new(), ct);
        foreach (var command in commands)
            await ExecuteAsync(container, command, progress, ct);
    }

    private async Task InContainerAsync(
        BaseImage parent, ImageTag tag, IList<string> changes, IList<string> idle, Func<string, CancellationToken, Task> fill, CancellationToken ct)
    {
        // By name, so that what a killed making left is found, and gone before we begin.
        var name = $"slipway-making-{owner}-{tag}".Replace('/', '-').Replace(':', '-');
        await RemoveAsync(name);
        await Deadline.WithinAsync(CommandTimeout, $"Making {tag}", time, async token =>
        {
            try
            {
                await engine.Containers.CreateContainerAsync(new() { Name = name, Image = parent.EngineId, Cmd = idle }, token);
                await fill(name, token);
                await CommitAsync(name, parent, tag, changes, token);
            }
            finally
            {
                await RemoveAsync(name);
            }
        }, ct);
    }

    private async Task CommitAsync(string container, BaseImage parent, ImageTag tag, IList<string> changes, CancellationToken ct)
    {
        // The container's idle command must not become the image's, so the parent's is said again.
        var command = (await engine.Images.InspectImageAsync(parent.EngineId, ct)).Config?.Cmd ?? [];
        await engine.Images.CommitContainerChangesAsync(new()
        {
            ContainerID = container,
            RepositoryName = tag.Repository,
            Tag = tag.Tag,
            Changes = [.. changes, $"CMD [{string.Join(", ", command.Select(word => $"\"{word}\""))}]"],
            Pause = true,
        }, ct);
    }

    private async Task ExecuteAsync(string container, IList<string> command, Action<string> progress, CancellationToken ct)
    {
        var exec = await engine.Exec.CreateContainerExecAsync(container, new()
        {
            Cmd = command,
            Env = ["DEBIAN_FRONTEND=noninteractive"],
            AttachStdout = true,
            AttachStderr = true,
        }, ct);
        using var stream = await engine.Exec.StartContainerExecAsync(exec.ID, new(), ct);
        var (output, errors) = await stream.ReadOutputToEndAsync(ct);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            progress(line);

        var end = await engine.Exec.InspectContainerExecAsync(exec.ID, ct);
        if (end.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)} failed with exit code {end.ExitCode}:\n{errors}");
    }

    // Cleaning up has its own time: the caller's token may be what ended the work.
    private Task RemoveAsync(string container) =>
        Deadline.WithinAsync(QuestionTimeout, "Removing a container", time, async token =>
        {
            try
            {
                await engine.Containers.RemoveContainerAsync(container, new() { Force = true, RemoveVolumes = true }, token);
            }
            catch (DockerContainerNotFoundException)
            {
                // Nothing to clean up.
            }
        }, CancellationToken.None);

    private sealed class FirstError : IProgress<JSONMessage>
    {
        private string? _message;

        public void Report(JSONMessage value) => _message ??= value.Error?.Message;

        public void ThrowIfAny(ImageTag tag)
        {
            if (_message is not null) throw new InvalidOperationException($"The engine did not import {tag}: {_message}");
        }
    }
}

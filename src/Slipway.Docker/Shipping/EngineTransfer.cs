using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Slipway.Core;
using Slipway.Core.Pipeline.Shipping;

namespace Slipway.Docker.Shipping;

/// <summary>Push and pull by the engine's API, for engines whose BuildKit cannot push, and for all that start what a registry has.</summary>
internal sealed class EngineTransfer(IDockerClient engine, TimeProvider time) : IImageTransfer
{
    /// <summary>What the engine says of one that does not answer, or answers that it is in trouble.</summary>
    private static readonly string[] Away = ["connection refused", "no such host", "timeout", "EOF", "reset", "unreachable", "500 Internal", "502 Bad", "503 Service", "504 Gateway"];
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(15);

    /// <summary>A registry that takes the connection and then nothing.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    public async Task<Failure?> PushAsync(string image, string name, RegistryLogin login, Action<string> tell, CancellationToken ct)
    {
        if (image != name) await TagAsync(image, name, ct);
        var progress = new TransferProgress("sent", tell);
        var failure = await WatchedAsync(login.Host, progress, token =>
            engine.Images.PushImageAsync(name, new ImagePushParameters(), Auth(login), progress, token), ct);
        if (failure is null) progress.End();
        return failure;
    }

    public async Task<Failure?> PullAsync(string pinned, string name, RegistryLogin login, Action<string> tell, CancellationToken ct)
    {
        var progress = new TransferProgress("fetched", tell);
        var (repository, digest) = (pinned[..pinned.IndexOf('@', StringComparison.Ordinal)], pinned[(pinned.IndexOf('@', StringComparison.Ordinal) + 1)..]);
        var failure = await WatchedAsync(login.Host, progress, token =>
            engine.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = repository, Tag = digest }, Auth(login), progress, token), ct);
        if (failure is { Code: "ship.refused" } && failure.Message.Contains("not found", StringComparison.OrdinalIgnoreCase)) return RegistryFailures.Missing(pinned);
        if (failure is not null) return failure;
        progress.End();

        // By its name it is listed and kept like any other.
        await TagAsync(pinned, name, ct);
        return null;
    }

    public async Task<Failure?> CheckAsync(RegistryLogin login, CancellationToken ct)
    {
        if (login.Username.Length == 0) return null;
        using var timer = new CancellationTokenSource(CheckTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        try
        {
            await engine.System.AuthenticateAsync(Auth(login), both.Token);
            return null;
        }
        catch (DockerApiException refused)
        {
            return RegistryFailures.FromWords(login.Host, EngineWords.Of(refused)) ?? throw new RegistryAwayException($"the engine does not reach the registry {login.Host}: {EngineWords.Of(refused)}", refused);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new RegistryAwayException($"the engine got no answer from the registry {login.Host} within {CheckTimeout.TotalSeconds:0} s");
        }
    }

    private Task TagAsync(string image, string name, CancellationToken ct)
    {
        var colon = name.LastIndexOf(':');
        return engine.Images.TagImageAsync(image, new ImageTagParameters { RepositoryName = name[..colon], Tag = name[(colon + 1)..] }, ct);
    }

    private static AuthConfig Auth(RegistryLogin login) =>
        login.Username.Length == 0 ? new AuthConfig() : new AuthConfig { ServerAddress = login.Host, Username = login.Username, Password = login.Password.Reveal() };

    /// <summary>Ends what is silent for long. The engine answers 200 and tells of an error in the middle of its progress.</summary>
    private async Task<Failure?> WatchedAsync(string host, TransferProgress progress, Func<CancellationToken, Task> act, CancellationToken ct)
    {
        using var silent = new CancellationTokenSource(Silence, time);
        progress.Heard = () => silent.CancelAfter(Silence);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, silent.Token);
        try
        {
            await act(both.Token);
        }
        catch (DockerApiException refused)
        {
            return Of(host, EngineWords.Of(refused), refused.StatusCode >= HttpStatusCode.InternalServerError, refused);
        }
        catch (OperationCanceledException) when (silent.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new RegistryAwayException($"the registry {host} was silent for {Silence.TotalMinutes:0} minutes");
        }

        return progress.Error is { } error ? Of(host, error, isAway: IsAway(error), null) : null;
    }

    private static Failure Of(string host, string said, bool isAway, Exception? cause) =>
        RegistryFailures.FromWords(host, said) ?? (isAway ? throw new RegistryAwayException($"the registry {host}: {said}", cause) : RegistryFailures.Refused(host, said));

    private static bool IsAway(string said) =>
        Away.Any(words => said.Contains(words, StringComparison.OrdinalIgnoreCase));
}

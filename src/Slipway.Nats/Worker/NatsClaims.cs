using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Projects;
using Slipway.Core.Queueing;

namespace Slipway.Nats.Worker;

/// <summary>The control plane over NATS: claims are asked for and waited for, results are left for it however long it is away.</summary>
internal sealed class NatsClaims(NatsLink link, Sender sender, HeldClaims held, TimeProvider time, ILogger<NatsClaims> log) : IBuildClaims
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);

    public async Task<ClaimedBuild?> ClaimAsync(Lease lease, string worker, CancellationToken ct)
    {
        var ask = new ClaimAsk(lease.Job.Deployment, lease.Attempt, lease.Token, worker, IsRetry: false);
        while (true)
        {
            try
            {
                return Take(await AskAsync("claim", ask, NatsJson.Default.ClaimAsk, NatsJson.Default.ClaimAnswer, ct));
            }
            catch (Exception e) when (e is NatsException or JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
            {
                // The job is held under its heartbeat meanwhile.
                if (!ask.IsRetry) log.ClaimUnanswered(ask.Deployment, e.Message);
                ask = ask with { IsRetry = true };
            }

            await Task.Delay(Pause, time, ct);
        }
    }

    public Task ReportAsync(ClaimedBuild build, DeploymentEvent happened, CancellationToken ct) => SendAsync(build, happened, happened.GetType().Name, ct);

    public async Task CloseAsync(ClaimedBuild build, CancellationToken ct)
    {
        await SendAsync(build, null, "Closed", ct);
        held.Remove(build.Deployment.Id, build.Deployment.Attempt);
    }

    public async Task<bool> UntilUnwantedAsync(ClaimedBuild build, CancellationToken ct)
    {
        var d = build.Deployment;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var told = ListenAsync(d, done.Token);
        var asked = LookAsync(d, done.Token);
        var isElsewhere = await await Task.WhenAny(told, asked);
        await done.CancelAsync();
        return isElsewhere;
    }

    /// <summary>Asks who the control plane is, until it answers.</summary>
    public static async Task<HelloAnswer> HelloAsync(NatsLink link, HelloAsk ask, TimeProvider time, ILogger log, CancellationToken ct)
    {
        var isTold = false;
        while (true)
        {
            try
            {
                var answer = await Patience.WithinAsync(token => link.Connection.RequestAsync<byte[], byte[]>(link.Subjects.Claim("hello"), JsonSerializer.SerializeToUtf8Bytes(ask, NatsJson.Default.HelloAsk), cancellationToken: token), ct);
                return JsonSerializer.Deserialize(answer.Data ?? [], NatsJson.Default.HelloAnswer) ?? throw new JsonException("an empty answer");
            }
            catch (Exception e) when (e is NatsException or JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
            {
                if (!isTold) log.WaitingForControlPlane(e.Message);
                isTold = true;
            }

            await Task.Delay(Pause, time, ct);
        }
    }

    private Task SendAsync(ClaimedBuild build, DeploymentEvent? happened, string name, CancellationToken ct)
    {
        var d = build.Deployment;
        var message = new ResultMessage(d.Attempt, held.TicketOf(d.Id, d.Attempt), happened);
        return sender.SendAsync("a result", d.Id, link.Subjects.Result(d.Id), $"{d.Id}-{d.Attempt}-{name}", JsonSerializer.SerializeToUtf8Bytes(message, NatsJson.Default.ResultMessage), ct);
    }

    private ClaimedBuild? Take(ClaimAnswer answer)
    {
        if (answer.Build is not { } build) return null;
        var d = build.Deployment;
        held.Add(d.Id, d.Attempt, build.Ticket);
        if (d.Source.Upload is { } upload && build.UploadUrl is { } url) held.Uploads[upload] = url;
        var project = build.Project is not { } p ? null : new Project { Id = p.Id, Team = p.Team, Name = p.Name, Origin = p.Origin, CacheKey = new Secret(p.CacheKey), RootDirectory = p.RootDirectory, CreatedAt = p.CreatedAt };
        return new ClaimedBuild(d, project, [.. build.Variables.Select(v => new EnvironmentVariable(v.Name, new Secret(v.Value), v.Target, v.Phase, v.IsSecret))]);
    }

    private async Task<bool> ListenAsync(Deployment d, CancellationToken ct)
    {
        await foreach (var message in link.Connection.SubscribeAsync<byte[]>(link.Subjects.Cancel(d.Id), cancellationToken: ct))
        {
            var wanted = Encoding.ASCII.GetString(message.Data ?? []);
            if (wanted != d.Attempt.ToString(CultureInfo.InvariantCulture)) return wanted.Length > 0;
        }

        ct.ThrowIfCancellationRequested();
        return false;
    }

    /// <summary>What was told while nobody listened is found here.</summary>
    private async Task<bool> LookAsync(Deployment d, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                var answer = await AskAsync("wanted", new WantedAsk(d.Id, d.Attempt), NatsJson.Default.WantedAsk, NatsJson.Default.WantedAnswer, ct);
                if (!answer.IsWanted) return answer.IsElsewhere;
            }
            catch (Exception e) when (e is NatsException or JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
            {
                // Away: whoever cannot be asked wants it still.
            }

            await Task.Delay(AskAgain, time, ct);
        }
    }

    private async Task<TAnswer> AskAsync<TAsk, TAnswer>(string verb, TAsk ask, JsonTypeInfo<TAsk> asked, JsonTypeInfo<TAnswer> answered, CancellationToken ct) where TAnswer : class
    {
        var answer = await Patience.WithinAsync(token => link.Connection.RequestAsync<byte[], byte[]>(link.Subjects.Claim(verb), JsonSerializer.SerializeToUtf8Bytes(ask, asked), cancellationToken: token), ct);
        return JsonSerializer.Deserialize(answer.Data ?? [], answered) ?? throw new JsonException("an empty answer");
    }
}

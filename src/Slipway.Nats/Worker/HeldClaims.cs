using System.Collections.Concurrent;
using Slipway.Core;

namespace Slipway.Nats.Worker;

/// <summary>What came with the claims that this worker holds.</summary>
internal sealed class HeldClaims
{
    private readonly ConcurrentDictionary<(DeploymentId, int), string> _tickets = new();

    /// <summary>Where the uploads of claimed deployments are, each good for one use.</summary>
    public ConcurrentDictionary<UploadId, string> Uploads { get; } = new();

    public string TicketOf(DeploymentId deployment, int attempt) => _tickets.TryGetValue((deployment, attempt), out var ticket) ? ticket : throw new InvalidOperationException($"attempt {attempt} of {deployment} was not claimed here");

    public void Add(DeploymentId deployment, int attempt, string ticket) => _tickets[(deployment, attempt)] = ticket;

    public void Remove(DeploymentId deployment, int attempt) => _tickets.TryRemove((deployment, attempt), out _);
}

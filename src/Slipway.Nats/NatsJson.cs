using System.Text.Json.Serialization;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Projects;

namespace Slipway.Nats;

internal sealed record JobMessage(DeploymentId Deployment);

internal sealed record DeadLetterMessage(DeploymentId? Deployment, int Attempts, string Reason, DateTimeOffset At);

/// <param name="Lines">As <see cref="PackedLines"/> has them: what the server keeps and sends is a tenth of the text.</param>
internal sealed record LogMessage(int Attempt, long Batch, string Ticket, byte[] Lines)
{
    public static LogMessage Of(int attempt, long batch, string ticket, IReadOnlyList<BuildLogLine> lines) => new(attempt, batch, ticket, PackedLines.Pack(lines));
}

/// <param name="Happened">Null: this worker writes no more lines of this attempt.</param>
internal sealed record ResultMessage(int Attempt, string Ticket, DeploymentEvent? Happened);

/// <summary>A worker that starts asks who the control plane is.</summary>
internal sealed record HelloAsk(string Worker, string Version);

internal sealed record HelloAnswer(string Version, string HomeId, TimeSpan LeaseDuration);

/// <param name="IsRetry">The answer to the same question may have been lost on its way.</param>
internal sealed record ClaimAsk(DeploymentId Deployment, int Delivery, string Lease, string Worker, bool IsRetry);

/// <param name="Build">Null: somebody else has it, or it is over.</param>
internal sealed record ClaimAnswer(ClaimWire? Build);

internal sealed record ClaimWire(Deployment Deployment, ProjectWire? Project, IReadOnlyList<VariableWire> Variables, string Ticket, string? UploadUrl);

/// <summary>What a build needs of a project, and nothing else of it: no webhook secret.</summary>
internal sealed record ProjectWire(ProjectId Id, TeamId Team, string Name, string Origin, string CacheKey, string? RootDirectory, DateTimeOffset CreatedAt);

internal sealed record VariableWire(string Name, string Value, EnvironmentTarget Target, EnvironmentPhase Phase, bool IsSecret);

internal sealed record WantedAsk(DeploymentId Deployment, int Attempt);

/// <param name="IsElsewhere">Another attempt has taken its place.</param>
internal sealed record WantedAnswer(bool IsWanted, bool IsElsewhere);

/// <summary>All that travels, generated so that no start pays for reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(JobMessage))]
[JsonSerializable(typeof(DeadLetterMessage))]
[JsonSerializable(typeof(LogMessage))]
[JsonSerializable(typeof(ResultMessage))]
[JsonSerializable(typeof(HelloAsk))]
[JsonSerializable(typeof(HelloAnswer))]
[JsonSerializable(typeof(ClaimAsk))]
[JsonSerializable(typeof(ClaimAnswer))]
[JsonSerializable(typeof(WantedAsk))]
[JsonSerializable(typeof(WantedAnswer))]
internal sealed partial class NatsJson : JsonSerializerContext;

using System.Text.Json.Serialization;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Store.BuildLogs;

namespace Slipway.Store.Database;

/// <summary>What is kept as JSON inside a column. Generated, so that the first request needs no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(SourceRef))]
[JsonSerializable(typeof(Revision))]
[JsonSerializable(typeof(BuildPlan))]
[JsonSerializable(typeof(Failure))]
[JsonSerializable(typeof(StageTimings))]
[JsonSerializable(typeof(DeploymentEvent))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(StoredLine[]))]
internal sealed partial class StoreJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Projects;

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
[JsonSerializable(typeof(IReadOnlyList<ProductionTurn>))]
[JsonSerializable(typeof(SleepSettings))]
[JsonSerializable(typeof(RetentionSettings))]
[JsonSerializable(typeof(HealthSettings))]
[JsonSerializable(typeof(IReadOnlyList<ClosedBranch>))]
[JsonSerializable(typeof(IReadOnlyList<Volume>))]
[JsonSerializable(typeof(IReadOnlyList<Way>))]
[JsonSerializable(typeof(Ending))]
internal sealed partial class StoreJson : JsonSerializerContext
{
    /// <summary>What a column holds; a null in it would be our own fault.</summary>
    public static T Read<T>(string json, JsonTypeInfo<T> type) where T : class =>
        JsonSerializer.Deserialize(json, type) ?? throw new JsonException($"a stored {typeof(T).Name} is null");

    public static T? ReadIfAny<T>(string? json, JsonTypeInfo<T> type) where T : class => json is null ? null : Read(json, type);

    public static string? WriteIfAny<T>(T? value, JsonTypeInfo<T> type) where T : class => value is null ? null : JsonSerializer.Serialize(value, type);
}

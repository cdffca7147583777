using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Core;

/// <summary>An id of one kind; its text is the prefix, an underscore and 32 hex digits (<c>dpl_0193…</c>).</summary>
public interface IStrongId<TSelf> where TSelf : struct, IStrongId<TSelf>
{
    /// <summary>The kind's prefix, without the underscore.</summary>
    static abstract string Prefix { get; }

    /// <summary>Wraps a value.</summary>
    static abstract TSelf From(Guid value);

    /// <summary>The value itself.</summary>
    Guid Value { get; }
}

/// <summary>Text form of every <see cref="IStrongId{TSelf}"/>.</summary>
public static class StrongId
{
    public static TId New<TId>(TimeProvider time) where TId : struct, IStrongId<TId> =>
        TId.From(Guid.CreateVersion7(time.GetUtcNow()));

    public static string Format<TId>(TId id) where TId : struct, IStrongId<TId> => $"{TId.Prefix}_{id.Value:N}";

    public static bool TryParse<TId>(string? text, out TId id) where TId : struct, IStrongId<TId>
    {
        id = default;
        var prefix = TId.Prefix;
        if (text is null || text.Length != prefix.Length + 33 || text[prefix.Length] != '_' ||
            !text.StartsWith(prefix, StringComparison.Ordinal) ||
            !Guid.TryParseExact(text.AsSpan(prefix.Length + 1), "N", out var value))
        {
            return false;
        }

        id = TId.From(value);
        return true;
    }

    public static TId Parse<TId>(string text) where TId : struct, IStrongId<TId> =>
        TryParse<TId>(text, out var id) ? id : throw new FormatException($"'{text}' is no {TId.Prefix}_ id");
}

/// <summary>Reads and writes any id as its text.</summary>
public sealed class StrongIdJsonConverter<TId> : JsonConverter<TId> where TId : struct, IStrongId<TId>
{
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        StrongId.TryParse<TId>(reader.GetString(), out var id) ? id : throw new JsonException($"not a {TId.Prefix}_ id");

    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(StrongId.Format(value));
}

/// <summary>Whom a row belongs to.</summary>
[JsonConverter(typeof(StrongIdJsonConverter<TeamId>))]
public readonly record struct TeamId(Guid Value) : IStrongId<TeamId>
{
    public static string Prefix => "team";
    public static TeamId From(Guid value) => new(value);
    public override string ToString() => StrongId.Format(this);
}

[JsonConverter(typeof(StrongIdJsonConverter<ProjectId>))]
public readonly record struct ProjectId(Guid Value) : IStrongId<ProjectId>
{
    public static string Prefix => "prj";
    public static ProjectId From(Guid value) => new(value);
    public override string ToString() => StrongId.Format(this);
}

[JsonConverter(typeof(StrongIdJsonConverter<DeploymentId>))]
public readonly record struct DeploymentId(Guid Value) : IStrongId<DeploymentId>
{
    public static string Prefix => "dpl";
    public static DeploymentId From(Guid value) => new(value);
    public override string ToString() => StrongId.Format(this);
}

/// <summary>An uploaded archive waiting to be deployed.</summary>
[JsonConverter(typeof(StrongIdJsonConverter<UploadId>))]
public readonly record struct UploadId(Guid Value) : IStrongId<UploadId>
{
    public static string Prefix => "upl";
    public static UploadId From(Guid value) => new(value);
    public override string ToString() => StrongId.Format(this);
}

/// <summary>One slot of a revision; derived from the deployment, so that a start is idempotent.</summary>
[JsonConverter(typeof(StrongIdJsonConverter<InstanceId>))]
public readonly record struct InstanceId(Guid Value) : IStrongId<InstanceId>
{
    public static string Prefix => "ins";
    public static InstanceId From(Guid value) => new(value);

    /// <summary>The only replica of a deployment has the deployment's own value.</summary>
    public static InstanceId Of(DeploymentId deployment) => new(deployment.Value);
    public override string ToString() => StrongId.Format(this);
}

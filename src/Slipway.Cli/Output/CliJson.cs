using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Cli.Commands;
using Slipway.Cli.Machine;
using Slipway.Client;
using Slipway.Core;
using Slipway.Cli.Stack;
using Slipway.Core.Stack;
using Slipway.Core.Storage;

namespace Slipway.Cli.Output;

/// <summary><c>{ "error": … }</c>: what any verb prints on stdout when it could not do its work.</summary>
internal sealed record ErrorDocument(ErrorBody Error);

internal sealed record ErrorBody(string Code, string Message, string? Field, string? Hint);

/// <summary>What <c>cancel</c>, <c>rm</c>, <c>env rm</c>, <c>domains rm</c> <c>volume rm</c> and <c>allow rm</c> did.</summary>
internal sealed record Removed(string Kind, string Name);

/// <summary>The documents of <c>--json</c>, generated: reflection would cost every verb a tenth of a second.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(ExecDocument))]
[JsonSerializable(typeof(Removed))]
[JsonSerializable(typeof(DeploymentView))]
[JsonSerializable(typeof(IReadOnlyList<DeploymentView>))]
[JsonSerializable(typeof(IReadOnlyList<StepView>))]
[JsonSerializable(typeof(IReadOnlyList<RuntimeLineView>))]
[JsonSerializable(typeof(IReadOnlyList<DeploymentMetricsView>))]
[JsonSerializable(typeof(IReadOnlyList<EnvironmentVariableView>))]
[JsonSerializable(typeof(SleepView))]
[JsonSerializable(typeof(RetentionView))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(ProtectionView))]
[JsonSerializable(typeof(List<FailedJobView>))]
[JsonSerializable(typeof(IReadOnlyList<AuditEntryView>))]
[JsonSerializable(typeof(ProductionView))]
[JsonSerializable(typeof(IReadOnlyList<AliasView>))]
[JsonSerializable(typeof(DomainView))]
[JsonSerializable(typeof(IReadOnlyList<DomainView>))]
[JsonSerializable(typeof(IReadOnlyList<CertificateView>))]
[JsonSerializable(typeof(WayView))]
[JsonSerializable(typeof(IReadOnlyList<WayView>))]
[JsonSerializable(typeof(VolumeView))]
[JsonSerializable(typeof(IReadOnlyList<VolumeView>))]
[JsonSerializable(typeof(ProjectView))]
[JsonSerializable(typeof(RollbackDocument))]
[JsonSerializable(typeof(LoginLinkView))]
[JsonSerializable(typeof(PlanView))]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(UpDocument))]
[JsonSerializable(typeof(DownDocument))]
[JsonSerializable(typeof(SetupDocument))]
[JsonSerializable(typeof(StoreReport))]
[JsonSerializable(typeof(StackDocument))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>For people and scripts, not for HTML: quotes and umlauts stay readable.</summary>
    public static CliJson Pretty { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>One value a line: <c>logs -f --json</c>, and the files we read and write.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LogLineView))]
[JsonSerializable(typeof(RuntimeLineView))]
[JsonSerializable(typeof(RunFile))]
[JsonSerializable(typeof(DockerdFile))]
[JsonSerializable(typeof(StackMaterial))]
internal sealed partial class LineJson : JsonSerializerContext
{
    /// <summary>As <see cref="CliJson.Pretty"/>, in one line.</summary>
    public static LineJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

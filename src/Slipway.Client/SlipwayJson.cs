using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Client;

/// <summary>The wire types' JSON: camelCase, nulls written, no reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DeploymentView))]
[JsonSerializable(typeof(List<DeploymentView>))]
[JsonSerializable(typeof(CreateDeployment))]
[JsonSerializable(typeof(UploadView))]
[JsonSerializable(typeof(ProjectView))]
[JsonSerializable(typeof(List<ProjectView>))]
[JsonSerializable(typeof(List<EnvironmentVariableView>))]
[JsonSerializable(typeof(SetEnvironment))]
[JsonSerializable(typeof(SleepView))]
[JsonSerializable(typeof(SetSleep))]
[JsonSerializable(typeof(RetentionView))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(SetHealth))]
[JsonSerializable(typeof(SetRetention))]
[JsonSerializable(typeof(ProductionView))]
[JsonSerializable(typeof(List<AliasView>))]
[JsonSerializable(typeof(DomainView))]
[JsonSerializable(typeof(List<DomainView>))]
[JsonSerializable(typeof(AddDomain))]
[JsonSerializable(typeof(RollbackView))]
[JsonSerializable(typeof(RollbackRequest))]
[JsonSerializable(typeof(LogLineView))]
[JsonSerializable(typeof(List<LogLineView>))]
[JsonSerializable(typeof(List<StepView>))]
[JsonSerializable(typeof(RuntimeLineView))]
[JsonSerializable(typeof(List<RuntimeLineView>))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(ProblemView))]
[JsonSerializable(typeof(LoginLinkView))]
[JsonSerializable(typeof(PlanView))]
[JsonSerializable(typeof(List<FailedJobView>))]
public sealed partial class SlipwayJson : JsonSerializerContext;

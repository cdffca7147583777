using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Core;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Edge.Admin;
using Slipway.Edge.Pages;

namespace Slipway.Edge;

/// <summary>Everything the edge reads or writes as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RouteTable))]
[JsonSerializable(typeof(RunFile))]
[JsonSerializable(typeof(EdgeHealth))]
[JsonSerializable(typeof(TableAnswer))]
[JsonSerializable(typeof(TableChange))]
[JsonSerializable(typeof(RouterUse))]
[JsonSerializable(typeof(WantedAnswer))]
[JsonSerializable(typeof(EdgeProblem))]
[JsonSerializable(typeof(ProbeAnswer))]
[JsonSerializable(typeof(ProbeKeyAnswer))]
[JsonSerializable(typeof(EdgeCertificates))]
internal sealed partial class EdgeJson : JsonSerializerContext;

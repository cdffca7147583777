using Slipway.Core;

namespace Slipway.Edge.Admin;

/// <summary>Answers <c>GET /wanted?after=N</c>, which waits a while for news.</summary>
/// <param name="Number">What to ask with next.</param>
/// <param name="Deployments">Sleepers that were wanted since.</param>
internal sealed record WantedAnswer(long Number, IReadOnlyList<DeploymentId> Deployments);

namespace Slipway.Edge.Admin;

/// <summary>Answers <c>GET /probe-key</c>: what a probe must bring along to be one.</summary>
internal sealed record ProbeKeyAnswer(string Key)
{
    public override string ToString() => "***";
}

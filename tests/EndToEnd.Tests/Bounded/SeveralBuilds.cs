namespace EndToEnd.Tests.Bounded;

/// <summary>A home that builds several at once, so that a step has a neighbour.</summary>
public sealed class SeveralBuilds() : Installation(new Dictionary<string, string> { ["Slipway__Pipeline__Concurrency"] = "3" });

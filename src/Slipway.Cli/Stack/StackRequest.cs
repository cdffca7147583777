namespace Slipway.Cli.Stack;

/// <summary>What a person asked of <c>stack up</c>; null leaves it as it was.</summary>
internal sealed record StackRequest(string? BaseDomain = null, int? Port = null, int? Workers = null);

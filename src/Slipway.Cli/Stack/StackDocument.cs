namespace Slipway.Cli.Stack;

/// <summary>What <c>stack up --json</c> and <c>stack status --json</c> print.</summary>
internal sealed record StackDocument(string Folder, string Url, string Api, IReadOnlyList<StackServiceState> Services);

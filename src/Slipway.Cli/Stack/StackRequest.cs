namespace Slipway.Cli.Stack;

/// <summary>What a person asked of <c>stack up</c>; null leaves it as it was.</summary>
internal sealed record StackRequest(string? BaseDomain = null, int? Port = null, int? Workers = null);

/// <summary>What <c>stack up --json</c> and <c>stack status --json</c> print.</summary>
internal sealed record StackDocument(string Folder, string Url, string Api, IReadOnlyList<StackServiceState> Services);

/// <param name="Health">"healthy", "starting", "unhealthy"; "" for a service without a check.</param>
/// <param name="User">As the engine started it.</param>
internal sealed record StackServiceState(string Service, string Container, string State, string Health, string Image, string User)
{
    public bool IsWell => State == "running" && Health is "healthy" or "";
}

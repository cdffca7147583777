namespace Slipway.Cli.Stack;

/// <param name="Health">"healthy", "starting", "unhealthy"; "" for a service without a check.</param>
/// <param name="User">As the engine started it.</param>
internal sealed record StackServiceState(string Service, string Container, string State, string Health, string Image, string User)
{
    public bool IsWell => State == "running" && Health is "healthy" or "";
}

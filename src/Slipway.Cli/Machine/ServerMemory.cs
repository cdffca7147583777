namespace Slipway.Cli.Machine;

/// <summary>
/// The smallest heap generation as 8 MiB instead of the processor's cache size: measured, the idle server takes 145 MiB instead of 153.
/// The runtime reads it from the environment alone.
/// </summary>
internal static class ServerMemory
{
    public const string Variable = "DOTNET_GCgen0size";
    public const string Value = "0x800000";
}

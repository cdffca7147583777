namespace Slipway.Core.Pipeline.Routing;

/// <summary>The router has a newer table than the published one.</summary>
/// <param name="number">What was published.</param>
/// <param name="current">What is in force; a publisher whose clock went back goes on from here.</param>
public sealed class RouteTableRefusedException(long number, long current)
    : Exception($"Route table {number} was refused: table {current} is in force.")
{
    public long Number { get; } = number;

    public long Current { get; } = current;
}

/// <summary>The router does not answer, or answers what we do not understand.</summary>
public sealed class RouterDownException(string message, Exception? inner = null) : Exception(message, inner);

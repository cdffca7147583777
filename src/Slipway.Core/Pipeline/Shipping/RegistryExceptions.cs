namespace Slipway.Core.Pipeline.Shipping;

/// <summary>A registry that cannot be used at this moment: tried again later.</summary>
public class RegistryAwayException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>It answers, and does not let us; where a Failure can be given, that is <see cref="Failure"/>.</summary>
public sealed class RegistryRefusedException(Failure failure) : RegistryAwayException(failure.Message)
{
    public Failure Failure => failure;
}

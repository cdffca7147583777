namespace Slipway.Docker.BaseImages;

/// <summary>What an image is packed from is not on this machine.</summary>
internal sealed class NotOnThisHostException(string message, string hint) : Exception(message)
{
    public string Hint { get; } = hint;
}

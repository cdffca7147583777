namespace Slipway.Store;

/// <summary>The store cannot be used as it is: the message names the setting or the file, and what to do. Nothing was changed.</summary>
public sealed class StoreStartException : Exception
{
    public StoreStartException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}

namespace BuildKit.Client;

/// <summary>The daemon cannot be reached, or does not speak as expected. Not the build's fault; trying again may help.</summary>
public sealed class BuildKitConnectionException : Exception
{
    /// <summary>With what was tried and what came back.</summary>
    public BuildKitConnectionException(string message, Exception? inner = null) : base(message, inner) { }
}

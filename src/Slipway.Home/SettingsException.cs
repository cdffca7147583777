namespace Slipway.Home;

/// <summary>A setting that cannot be used; the message names it and what to do. Ends the start with exit code 2.</summary>
public sealed class SettingsException(string message) : Exception(message);

namespace Slipway.Core;

/// <summary>Text that must not be shown: it prints <c>***</c> and has to be asked for by name.</summary>
public sealed class Secret(string value)
{
    /// <summary>The text itself; never log it, never put it into argv.</summary>
    public string Reveal() => value;

    public override string ToString() => "***";
}

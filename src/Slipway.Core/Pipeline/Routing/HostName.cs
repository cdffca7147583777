using System.Globalization;

namespace Slipway.Core.Pipeline.Routing;

/// <summary>The one form in which public host names are compared: lower case, A-labels, no port, no trailing dot.</summary>
public static class HostName
{
    /// <summary>Longest name DNS allows, as text without the trailing dot.</summary>
    public const int MaxLength = 253;

    /// <summary>A <c>Host</c> header's name without port and trailing dot; no copy is made, so case stays as sent.</summary>
    public static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host)
    {
        // An IPv6 literal has colons of its own; only what follows its bracket is a port.
        var end = host.StartsWith('[') ? host.IndexOf(']') + 1 : host.IndexOf(':');
        var name = end > 0 ? host[..end] : end == 0 ? default : host;
        return name.EndsWith('.') ? name[..^1] : name;
    }

    /// <summary>The comparable form of what a person or a header wrote; false when it is no host name.</summary>
    public static bool TryNormalize(string? text, out string host)
    {
        host = "";
        var whole = (text ?? "").Trim();
        var name = WithoutPort(whole).ToString();
        if (whole.AsSpan(name.Length).TrimStart('.').TrimStart(':').ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        if (name.StartsWith('['))
        {
            host = name.ToLowerInvariant();
            return System.Net.IPAddress.TryParse(name, out _);
        }

        if (!TryToAscii(name, out var ascii) || ascii.Length is 0 or > MaxLength)
        {
            return false;
        }

        host = ascii.ToLowerInvariant();
        return host.Split('.').All(IsLabel);
    }

    private static bool TryToAscii(string name, out string ascii)
    {
        ascii = name;
        if (System.Text.Ascii.IsValid(name))
        {
            return true;
        }

        try
        {
            // Lower case first: the mapping would encode capitals as they are.
            ascii = new IdnMapping().GetAscii(name.ToLowerInvariant());
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // Underscores are no host-name characters by RFC 952, but DNS and browsers take them, and people have them.
    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' &&
        label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');
}

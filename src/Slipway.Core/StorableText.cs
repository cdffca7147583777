using System.Text;

namespace Slipway.Core;

/// <summary>Text as every database takes it: PostgreSQL stores no NUL, and half of a surrogate pair is no text anywhere.</summary>
public static class StorableText
{
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') && !text.Contains('\0')) return text;
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\ufffd');
    }
}

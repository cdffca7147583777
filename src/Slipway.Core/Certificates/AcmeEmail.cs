namespace Slipway.Core.Certificates;

public static class AcmeEmail
{
    /// <summary>It also becomes the name of a folder and a word of a command; whether it is read, the authority will see.</summary>
    public static bool IsOne(string text) =>
        text.Length is > 2 and < 200 && text.IndexOf('@') > 0 && !text.EndsWith('@') && text[0] is not ('-' or '.') && !text.Any(c => c is '/' or '\\' || char.IsWhiteSpace(c) || char.IsControl(c));
}

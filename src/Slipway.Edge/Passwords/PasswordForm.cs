using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Slipway.Edge.Forwarding;

namespace Slipway.Edge.Passwords;

/// <summary>What the password page sends.</summary>
/// <param name="To">The path and query to go on to; always of this host.</param>
internal sealed record PasswordForm(string Password, string To)
{
    private const int MaxSize = 8 * 1024;

    public override string ToString() => "***";

    /// <summary>Null: it is no such form.</summary>
    public static async Task<PasswordForm?> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true) return null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MaxSize;
        try
        {
            var fields = await new FormPipeReader(context.Request.BodyReader, Encoding.UTF8) { KeyLengthLimit = 100, ValueLengthLimit = MaxSize, ValueCountLimit = 10 }.ReadFormAsync(context.RequestAborted);
            return fields.TryGetValue("password", out var password) ? new PasswordForm(password.ToString(), Safe(fields.TryGetValue("to", out var to) ? to.ToString() : "/")) : null;
        }
        catch (Exception e) when (e is BadHttpRequestException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Never another host: browsers read <c>//host</c> and <c>/\host</c> as one.</summary>
    public static string Safe(string target) =>
        target.Length is > 0 and <= 2048 && target[0] == '/' && !(target.Length > 1 && (target[1] is '/' or '\\')) && RawTarget.IsClean(target) && !target.StartsWith(PasswordDoor.FormPath, StringComparison.Ordinal) ? target : "/";
}

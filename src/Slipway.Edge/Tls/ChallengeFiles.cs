using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Slipway.Edge.Tls;

/// <summary>Answers an ACME authority's HTTP-01 question from the file that the ACME client put there; all else is left to the app.</summary>
internal sealed class ChallengeFiles(EdgeTlsOptions options)
{
    private const string Prefix = "/.well-known/acme-challenge/";
    private const int MaxSize = 4096;
    private static readonly SearchValues<char> Token = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    public async ValueTask<bool> TryAnswerAsync(HttpContext context)
    {
        if (options.ChallengeFolder.Length == 0 || context.Request.Path.Value is not { } path || !path.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var token = path[Prefix.Length..];
        if (token.Length is 0 or > 128 || token.AsSpan().ContainsAnyExcept(Token)) return false;
        var file = new FileInfo(Path.Combine(options.ChallengeFolder, Prefix[1..], token));
        if (!file.Exists || file.Length > MaxSize) return false;
        var answer = await File.ReadAllBytesAsync(file.FullName, context.RequestAborted);
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
        return true;
    }
}

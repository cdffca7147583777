using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Slipway.Core;

namespace Slipway.Server.Api;

/// <summary>What the framework cannot read as an endpoint's parameters, told like all that is refused: with a code, the field and what to do.</summary>
internal sealed partial class UnreadableRequestHandler : IExceptionHandler
{
    private const string Code = "request.unreadable";
    private const string Hint = "/v1/openapi.json says what each request takes";

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken ct)
    {
        if (exception is not BadHttpRequestException refused || context.Response.HasStarted) return false;
        var (message, field) = Describe(refused);
        await new Failure(Code, message, Hint).Problem(refused.StatusCode, field).ExecuteAsync(context);
        return true;
    }

    private static (string Message, string? Field) Describe(BadHttpRequestException refused)
    {
        if (refused.InnerException is JsonException json) return json.Path?.TrimStart('$', '.') is { Length: > 0 } path ? ($"the body's {path} is not of the type that is asked for", path) : ("the body is not the JSON that is asked for", null);
        if (NotBound().Match(refused.Message) is { Success: true } odd) return ($"'{odd.Groups["value"].Value}' is no value of {odd.Groups["name"].Value}", odd.Groups["name"].Value);
        return Missing().Match(refused.Message) is { Success: true } missing ? ($"{missing.Groups["name"].Value} is missing", missing.Groups["name"].Value) : (refused.Message, null);
    }

    [GeneratedRegex("""^Failed to bind parameter "\S+ (?<name>\w+)" from "(?<value>.*)"\.$""", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex NotBound();

    [GeneratedRegex("""^Required parameter "\S+ (?<name>\w+)" was not provided""", RegexOptions.ExplicitCapture)]
    private static partial Regex Missing();
}

namespace Slipway.Client;

/// <summary>The API refused a request, or (Status null) could not be reached.</summary>
public sealed class SlipwayApiException : Exception
{
    internal SlipwayApiException(string message, int? status, string code, string? field, string? hint, Exception? inner = null) : base(message, inner) =>
        (Status, Code, Field, Hint) = (status, code, field, hint);

    /// <summary>HTTP status; null when nothing answered.</summary>
    public int? Status { get; }

    /// <summary>Stable: <c>project.name_taken</c>; <c>api.unreachable</c> when nothing answered.</summary>
    public string Code { get; }

    /// <summary>The request's field at fault.</summary>
    public string? Field { get; }

    /// <summary>What to do.</summary>
    public string? Hint { get; }

    /// <summary>The caller's own fault (4xx), as against the server's.</summary>
    public bool IsCallersFault => Status is >= 400 and < 500;
}

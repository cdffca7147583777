using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Core;

namespace Slipway.Server.Api;

/// <summary>Failures as RFC 9457 problems with our stable code, the field and what to do.</summary>
internal static class ApiProblems
{
    public static ProblemHttpResult Problem(this Failure failure, int status = StatusCodes.Status400BadRequest, string? field = null) =>
        TypedResults.Problem(detail: failure.Message, statusCode: status, title: "The request was refused", extensions: new Dictionary<string, object?>
        {
            ["code"] = failure.Code,
            ["field"] = field,
            ["hint"] = failure.Hint,
        });

    public static ProblemHttpResult NotFound(string what, string name) =>
        new Failure($"{what}.not_found", $"there is no {what} '{name}'", $"list them with: slipway ls").Problem(StatusCodes.Status404NotFound);
}

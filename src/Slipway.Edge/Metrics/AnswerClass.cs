using Microsoft.AspNetCore.Http;
using Slipway.Core.Pipeline.Running;
using Slipway.Edge.Pages;

namespace Slipway.Edge.Metrics;

/// <summary>What became of a request: its status, coarse, and whether the app or the edge itself answered.</summary>
internal static class AnswerClass
{
    public static readonly string[] Names = [.. DeploymentTraffic.Classes];

    private const int Gone = 5;

    public static int Of(HttpContext context)
    {
        // Who left before an answer began has seen no status.
        if (context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted) return Gone;
        return Math.Clamp((context.Response.StatusCode / 100) - 1, 0, 4);
    }

    /// <summary>Apps cannot set the header: theirs of this name are dropped.</summary>
    public static bool IsOwn(HttpContext context) => context.Response.Headers.ContainsKey(PageWriter.PageHeader);
}

using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

/// <summary>A deployment in words.</summary>
internal static class DeploymentText
{
    public static bool IsOver(string state) => state is "ready" or "error" or "canceled" or "ended";

    /// <summary>A ready one that sleeps is said to.</summary>
    public static string State(DeploymentView d) => d.Asleep ? "asleep" : d.State;

    public static string Source(SourceView source)
    {
        var from = source.Kind == "git" ? source.Url ?? "git" : source.Folder ?? "upload";
        var at = source.Commit is { Length: >= 7 } commit ? commit[..7] : source.Ref;
        return string.Join("", from, source.Branch is { } branch ? $" {branch}" : "", at is null ? "" : $" @{at}");
    }

    public static IEnumerable<string> Lines(DeploymentView d)
    {
        yield return $"id          {d.Id}";
        yield return $"project     {d.Project}";
        yield return $"state       {(d.Asleep ? "ready, asleep: a request wakes it" : d.State)}{(d.Attempt > 1 ? $" (attempt {d.Attempt})" : "")}";
        if (d.Ended is { } ended)
        {
            yield return $"ended       {ended.At:yyyy-MM-dd HH:mm:ss} UTC: {ended.Why}";
            yield return ended.CanBuildAgain ? $"again       slipway redeploy {d.Id}" : "again       its uploaded files are kept no more: deploy the folder, slipway deploy DIR";
        }

        yield return $"url         {d.Url}";
        yield return $"preview     {d.PreviewUrl}";
        yield return $"production  {d.ProductionUrl}";
        foreach (var url in d.Domains ?? []) yield return $"domain      {url}";
        if (d.Protected is { } hosts) yield return $"protected   by a password: {(hosts == "previews" ? "previews; production is open" : "all hosts")}";
        yield return $"source      {Source(d.Source)}{(d.Source.CommitMessage is { } message ? $"  {message}" : "")}";
        yield return $"by          {d.Trigger}, {d.CreatedAt:yyyy-MM-dd HH:mm:ss} UTC";
        yield return $"page        {d.DetailsUrl}";
        if (Timings(d.Timings) is { Length: > 0 } timings) yield return $"timings     {timings}";
        foreach (var s in d.StandIns) yield return $"built on    {s.Used}, in place of {s.Asked}, which no registry gave";
        foreach (var line in Failure(d.Failure)) yield return line;
    }

    public static IEnumerable<string> Failure(FailureView? failure)
    {
        if (failure is null) yield break;
        yield return $"failed      {failure.Message} ({failure.Code})";
        if (failure.Step is { } step) yield return $"step        {step}{(failure.ExitCode is { } code ? $", exit code {code}" : "")}";
        if (failure.Hint is { } hint) yield return $"hint        {hint}";
    }

    public static string Timings(TimingsView t)
    {
        var stages = new (string Name, long? Milliseconds)[] { ("queued", t.Queued), ("fetch", t.Fetch), ("plan", t.Plan), ("build", t.Build), ("seal", t.Seal), ("run", t.Run), ("route", t.Route), ("total", t.Total) };
        return string.Join(" · ", stages.Where(s => s.Milliseconds is not null).Select(s => $"{s.Name} {Words.Duration(s.Milliseconds ?? 0)}"));
    }
}

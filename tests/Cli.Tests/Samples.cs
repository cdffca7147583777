using Slipway.Client;

namespace Slipway.Cli.Tests;

/// <summary>Deployments as the server tells them.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset At = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public static readonly DeploymentView Ready = new()
    {
        Id = "dpl_01a213ca47b67c18a99ed47180899b84",
        Project = "shop",
        State = "ready",
        Url = "http://shop.localhost:8080",
        PreviewUrl = "http://14476ec3-preview.localhost:8080",
        ProductionUrl = "http://shop.localhost:8080",
        Source = new SourceView("upload", null, null, "c3c0fc776dbf4ab57ca96df2e7736c29803cf381", "Show prices", null, "main", "shop"),
        Timings = new TimingsView(12, 6, 1, 5310, 3, 1415, 23, 6770),
        Attempt = 1,
        CreatedAt = At,
        FinishedAt = At.AddSeconds(7),
        Trigger = "cli",
        DetailsUrl = "http://127.0.0.1:7420/deployments/dpl_01a213ca47b67c18a99ed47180899b84",
    };

    public static readonly DeploymentView Failed = Ready with
    {
        State = "error",
        Url = "http://14476ec3-preview.localhost:8080",
        Failure = new FailureView("build.step_failed", "[build 2/2] RUN npm run build failed with exit code 3", "[build 2/2] RUN npm run build", 3, "the step's last lines are in the log"),
        Timings = new TimingsView(12, 6, 1, 5310, null, null, null, 5400),
    };

    public static readonly LogLineView[] FailedLog = Numbered(
        Line("fetch", "system", "unpacked 7 files, 3 KiB"),
        Line("plan", "system", "node with npm → server"),
        Line("plan", "system", "  package.json: start script"),
        Line("packages 4/4", "system", "▶ [packages 4/4] RUN npm ci"),
        Line("packages 4/4", "out", "\u001b[32madded\u001b[0m 1 package"),
        Line("stage-3 2/4", "system", "✓ [stage-3 2/4] COPY --from=packages /app /app — cached"),
        Line("packages 4/4", "system", "✓ packages 4/4 — 2.2 s"),
        Line("build 2/2", "system", "▶ [build 2/2] RUN npm run build"),
        Line("build 2/2", "err", "error: /about imports ./missing, which does not exist"),
        Line("build 2/2", "system", "✗ [build 2/2] RUN npm run build — exit code: 3"),
        Line(null, "system", "failed: [build 2/2] RUN npm run build failed with exit code 3"));

    public static readonly LogLineView[] ReadyLog = Numbered(
        Line("fetch", "system", "unpacked 7 files, 3 KiB"),
        Line("2/2", "system", "▶ [2/2] COPY . /site/"),
        Line("run", "system", "the instance answered with 200"),
        Line("route", "system", "ready after 6.8 s"));

    public static LogLineView Line(string? step, string stream, string text) => new(0, At, stream, step, text);

    private static LogLineView[] Numbered(params LogLineView[] lines) => [.. lines.Select((line, i) => line with { Sequence = i + 1 })];
}

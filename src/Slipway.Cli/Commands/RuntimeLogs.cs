using System.Text.Json;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

/// <summary><c>logs --runtime</c>: what an app prints while it serves.</summary>
internal sealed class RuntimeLogs(Screen screen, SlipwayClient server)
{
    public async Task<int> RunAsync(string target, int tail, DateTimeOffset? since, bool follow, CancellationToken ct)
    {
        if (follow)
        {
            await foreach (var line in server.FollowRuntimeLogAsync(target, tail, since, RunningServer.FollowPatience, ct))
                screen.Row(screen.IsJson ? JsonSerializer.Serialize(line, LineJson.Readable.RuntimeLineView) : PlainText.Of(Marked(line)));
            return ExitCode.Done;
        }

        var lines = await server.RuntimeLogAsync(target, tail, since, ct);
        screen.Document(lines, CliJson.Pretty.IReadOnlyListRuntimeLineView);
        foreach (var line in lines) screen.Say(Marked(line));
        return ExitCode.Done;
    }

    internal static string Marked(RuntimeLineView line) => $"{line.Deployment} {line.Stream,-4} {line.Text}";
}

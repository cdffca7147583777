using System.Text.Json;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

/// <summary><c>logs --runtime</c>: what an app prints while it serves.</summary>
internal sealed class RuntimeLogs(Screen screen, SlipwayClient server)
{
    public async Task<int> RunAsync(string target, int tail, bool follow, CancellationToken ct)
    {
        if (follow)
        {
            await foreach (var line in server.FollowRuntimeLogAsync(target, tail, RunningServer.FollowPatience, ct))
                screen.Row(screen.IsJson ? JsonSerializer.Serialize(line, LineJson.Readable.RuntimeLineView) : PlainText.Of(line.Text));
            return ExitCode.Done;
        }

        var lines = await server.RuntimeLogAsync(target, tail, ct);
        screen.Document(lines, CliJson.Pretty.IReadOnlyListRuntimeLineView);
        foreach (var line in lines) screen.Say(line.Text);
        return ExitCode.Done;
    }
}

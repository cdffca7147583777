using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Core;

namespace Slipway.Cli.Machine;

/// <summary>What <c>setup --json</c> prints.</summary>
internal sealed record SetupDocument(string Engine, string? EngineVersion, IReadOnlyList<string> Installed, bool StartedEngine);

/// <summary>Brings a fresh machine to where Slipway can run: an engine that answers, git, and what makes it whole.</summary>
internal sealed class MachineSetup(SlipwayHome home, TimeProvider time, Screen screen)
{
    private readonly Dockerd _dockerd = new(home, time);

    /// <param name="more">Packages beyond Slipway's own (those of its tests).</param>
    public async Task<SetupDocument> EnsureAsync(IReadOnlyList<Need> more, Progress progress, CancellationToken ct)
    {
        var (answer, missing) = await DecideAsync(more, ct);
        if (Systemd.IsRunning && missing.Contains(Packages.Engine)) EngineSettings.WriteBeforeInstall();
        await Packages.InstallAsync(missing, progress, ct);
        var started = !answer.IsReachable;
        if (started) answer = await StartEngineAsync(progress, ct);
        return new SetupDocument(answer.Socket, answer.Version, [.. missing.Select(n => n.Package)], started);
    }

    /// <summary>What there is and what has to be installed; changes nothing.</summary>
    /// <exception cref="CliError">Something is missing that we cannot bring: says what, and how to get it.</exception>
    public async Task<(EngineAnswer Engine, IReadOnlyList<Need> Missing)> DecideAsync(IReadOnlyList<Need> more, CancellationToken ct)
    {
        var answer = await EngineProbe.AskAsync(ct);
        if (!answer.IsReachable && EngineProbe.IsElsewhere)
        {
            throw CliError.Broken("engine.unreachable", $"no Docker Engine answers at DOCKER_HOST={answer.Socket}: {answer.Error}", "start it, correct DOCKER_HOST, or unset it");
        }

        var missing = Missing(answer, more);
        var must = missing.Where(n => !Packages.IsOptional(n)).ToList();
        if (missing.Count > 0 && !Packages.CanInstall)
        {
            if (must.Count > 0) throw CannotInstall(must);
            foreach (var need in missing) screen.Warn($"{need.Package} is not installed ({need.Why}); install it with: {Packages.Command([need])}");
            missing = [];
        }

        if (!answer.IsReachable && !Environment.IsPrivilegedProcess) throw CannotStart(answer);
        return (answer, missing);
    }

    private static IReadOnlyList<Need> Missing(EngineAnswer answer, IReadOnlyList<Need> more)
    {
        IEnumerable<Need> needs = [Packages.Git, .. Packages.Wanted, .. more];
        return Packages.Missing(answer.IsReachable ? needs : needs.Prepend(Packages.Engine));
    }

    private async Task<EngineAnswer> StartEngineAsync(Progress progress, CancellationToken ct)
    {
        if (!Systemd.IsRunning)
        {
            HomeFolders.Create(home);
            return await _dockerd.StartAsync(progress, ct);
        }

        progress.Begin("starting Docker Engine (systemctl enable --now docker)");
        await Systemd.RunAsync(["enable", "--now", "docker"], ct);
        var since = time.GetTimestamp();
        while (true)
        {
            var answer = await EngineProbe.AskAsync(ct);
            if (answer.IsReachable) return answer;
            if (time.GetElapsedTime(since) > TimeSpan.FromSeconds(60)) throw CliError.Broken("engine.start_failed", $"Docker Engine does not answer: {answer.Error}", "see: journalctl -u docker");
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, ct);
        }
    }

    /// <summary>Said before anything was changed.</summary>
    private static CliError CannotInstall(List<Need> must)
    {
        var why = Environment.IsPrivilegedProcess ? "this system has no apt-get to install with" : "installing needs root";
        var what = string.Join("; ", must.Select(n => $"{(n == Packages.Engine ? "Docker Engine 20.10 or newer" : n.Package)} ({n.Why})"));
        var how = Environment.IsPrivilegedProcess
            ? "install them with your system's packages, start the engine so that /var/run/docker.sock answers, then run this again"
            : $"run: {Packages.Command(must)}   — or run this as root, which does it for you";
        return CliError.Broken("machine.missing", $"this machine lacks: {what}; {why}. Nothing was changed", how);
    }

    private static CliError CannotStart(EngineAnswer answer) => CliError.Broken(
        "engine.unreachable", $"Docker Engine is installed, but does not answer at {answer.Socket}: {answer.Error}. Nothing was changed",
        answer.Error?.Contains("denied", StringComparison.OrdinalIgnoreCase) == true ? "let this user use it: sudo usermod -aG docker $USER, then log in again; or run this as root"
        : Systemd.IsRunning ? "start it: sudo systemctl enable --now docker"
        : "start it as root: sudo dockerd --live-restore");
}

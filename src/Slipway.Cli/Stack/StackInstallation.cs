using System.Text.Json;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;
using Slipway.Cli.Output;
using Slipway.Core;
using Slipway.Core.Stack;

namespace Slipway.Cli.Stack;

/// <summary>Brings the whole stack up: machine, files, secrets, images, services; each step does nothing where nothing is to be done.</summary>
internal sealed class StackInstallation(SlipwayHome home, TimeProvider time, Screen screen)
{
    private static readonly TimeSpan ImagePatience = TimeSpan.FromMinutes(40);
    private static readonly TimeSpan HealthPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan IllPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly StackFolder _folder = StackFolder.Of(home);

    public async Task<StackDocument> UpAsync(StackRequest request, Progress progress, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess) throw CliError.Broken("stack.not_permitted", "the stack's services have users and files of their own, which only root can give them", $"run this as root: sudo env SLIPWAY_HOME={home.Root} ./slipway stack up");
        if (SudoHome.Other(home) is { } users)
            throw CliError.Broken("stack.whose_home", $"under sudo the home is {home.Root}, and there is one in {users}", $"say which: sudo env SLIPWAY_HOME={users} slipway stack up, or SLIPWAY_HOME={home.Root} for root's own");
        if (RoleProcess.Server(home, time).Running is { } running)
            throw CliError.Broken("stack.home_in_use", $"Slipway runs on this home already, in one piece (pid {running.Pid})", "stop it first: slipway down. Or keep it, and give the stack a home of its own: sudo env SLIPWAY_HOME=/srv/slipway slipway stack up");
        var machine = new MachineSetup(home, time, screen);
        await machine.EnsureAsync([], progress, ct);
        HomeFolders.Create(home);
        using var turn = await UpLock.TakeAsync(home, progress, time, ct);
        if (await StackServices.OtherAsync(_folder, ct) is { } other)
            throw CliError.Broken("stack.other_home", $"another home's stack is on this engine already: {other}", $"there is room for one on a machine; stop that one first: sudo env SLIPWAY_HOME={Path.GetDirectoryName(other)} slipway stack down");
        var compose = await Compose.FindAsync(_folder, progress, ct);

        var adoption = new StackAdoption(home, _folder, time);
        adoption.Begin();
        progress.Begin("writing secrets and certificates");
        new StackSecrets(_folder, time).Ensure();
        var files = new StackFiles(_folder);
        files.Lay();
        files.MakeFolders();
        if (adoption.IsPending) adoption.BringFiles();
        files.ShareId();
        var environment = StackEnvironment.Read(_folder);
        environment.Choose(request, new HomeSettingsFile(home).BaseDomain);
        environment.Take(await StackHost.LookAsync(_folder, ct));
        foreach (var kept in environment.Take(await ImagesAsync(files, progress, ct)))
            progress.Line($"{kept} stays: the data is its, and the image that can be had now could not read it (docs/production.md, upgrades)");
        environment.TakeFiles(_folder, files.ShareSettings(home));
        environment.Save();

        if (adoption.IsPending) await AdoptAsync(adoption, compose, progress, ct);
        progress.Begin("starting the services");
        await compose.RunAsync(["up", "-d", "--remove-orphans"], ct);
        progress.Begin("waiting until every service is healthy");
        var services = await HealthyAsync(compose, ct);
        return new StackDocument(_folder.Root, environment["PUBLIC_URL"], environment.Api, services);
    }

    private async Task AdoptAsync(StackAdoption adoption, Compose compose, Progress progress, CancellationToken ct)
    {
        progress.Begin("moving this home's database into PostgreSQL");
        await compose.RunAsync(["up", "-d", "postgres"], ct);
        await HealthyAsync(compose, ct);
        var report = await adoption.BringDatabaseAsync(compose, ct);
        progress.Line($"{report.Tables.Sum(t => t.After)} rows of {report.Tables.Count} tables are in {report.Database}; {home.Database} stays as it was");
    }

    /// <summary>Makes or pulls them; as root on this host, for a Debian can't be bootstrapped from a container.</summary>
    private async Task<StackMaterial> ImagesAsync(StackFiles files, Progress progress, CancellationToken ct)
    {
        progress.Begin("images (the first time some minutes)");
        var variables = new Dictionary<string, string> { ["SLIPWAY_HOME"] = home.Root };
        var ran = await ChildProcess.RunAsync(ServerBinary.Require(), ["--roles", "stack", "--entry-points", files.EntryPoints], ImagePatience, ct, variables, progress.Line);
        if (ran.ExitCode == 0 && JsonSerializer.Deserialize(ran.Output, LineJson.Default.StackMaterial) is { } material) return material;
        throw CliError.Broken("stack.images_failed", $"the stack's images could not be had:\n  {string.Join("\n  ", ran.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(8))}", "name images of your own by Slipway:Stack:PostgresImage and the like in settings.json, or see that a registry or Debian's packages can be reached");
    }

    private async Task<IReadOnlyList<StackServiceState>> HealthyAsync(Compose compose, CancellationToken ct)
    {
        var since = time.GetTimestamp();
        var healing = since;
        while (true)
        {
            var services = await StackServices.ListAsync(ct);
            if (services.Count > 0 && services.All(s => s.IsWell)) return services;
            var ill = services.FirstOrDefault(s => s.Health == "unhealthy" || s.State is "exited" or "dead" or "restarting");
            if (ill is null) healing = time.GetTimestamp();
            // One that is ill because another was away heals now.
            if (time.GetElapsedTime(healing) > IllPatience || time.GetElapsedTime(since) > HealthPatience)
            {
                ill ??= services.FirstOrDefault(s => !s.IsWell);
                var said = ill is null ? null : await compose.AskAsync(["logs", "--no-color", "--tail", "15", ill.Service], ct);
                throw CliError.Broken("stack.unhealthy", $"the service {ill?.Service ?? "?"} is {ill?.State} and {(ill?.Health is { Length: > 0 } h ? h : "without health")}; it said:\n  {string.Join("\n  ", (said?.Output ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(15))}", "the others go on; see: slipway stack status, slipway stack logs SERVICE");
            }

            await Task.Delay(Look, time, ct);
        }
    }
}

using System.Globalization;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;
using Slipway.Core.Stack;
using Slipway.Core.Storage;

namespace Slipway.Cli.Stack;

/// <summary>
/// The stack's database as a whole, by the service that makes its backups each day: it has the database's password and the master key. Files
/// pass through its folder, which is the only one that both sides see.
/// </summary>
internal sealed class StackStore(StackFolder folder, Compose compose)
{
    private const string There = "/backups";
    private static readonly string[] Users = ["backup", "server"];

    /// <summary>What a killed one left lies there for a day.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    public static async Task<StackStore> OpenAsync(StackFolder folder, string verb, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess) throw CliError.Broken("stack.not_permitted", "the stack's backups belong to a user of its own", $"run this as root: sudo env SLIPWAY_HOME={Path.GetDirectoryName(folder.Root)} ./slipway {verb}");
        return new StackStore(folder, await Compose.FindAsync(folder, null, ct));
    }

    /// <summary>While everything runs.</summary>
    public Task<StoreReport> BackupAsync(string file, CancellationToken ct) => ThroughAsync(async name =>
    {
        if (File.Exists(file)) throw CliError.Broken("backup.refused", $"{file} is there already", "name another file; nothing was changed");
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } above && !Directory.Exists(above)) throw CliError.Broken("backup.refused", $"there is no folder {above}", "make it, or name another file; nothing was changed");
        await RunningAsync(ct);
        var report = await DoAsync("backup", name, ct);
        await WholeCopy.MakeAsync(Path.Combine(folder.Backups, name), file, ct);
        return report;
    });

    /// <summary>The server is stopped meanwhile, and runs again whatever comes of it; apps are served on, and what workers build waits in the queue.</summary>
    public Task<StoreReport> RestoreAsync(string file, bool force, CancellationToken ct) => ThroughAsync(async name =>
    {
        if (!File.Exists(file)) throw CliError.Broken("restore.refused", $"there is no file {file}", "nothing was changed");
        await RunningAsync(ct);
        var copy = Path.Combine(folder.Backups, name);
        await WholeCopy.MakeAsync(file, copy, ct);
        FileOwner.Give(copy, StackUsers.Server, StackUsers.Server);
        StoreReport report;
        try
        {
            await compose.RunAsync(["stop", .. Users], ct);
            report = await DoAsync("restore", name, ct, force ? "--force" : null);
        }
        catch (Exception first)
        {
            await AgainAfterAsync(first);
            throw;
        }

        await AgainAsync();
        return report;
    });

    private Task AgainAsync() => compose.RunAsync(["start", .. Users], CancellationToken.None);

    /// <summary>What went wrong first is what a person must hear.</summary>
    private async Task AgainAfterAsync(Exception first)
    {
        try
        {
            await AgainAsync();
        }
        catch (CliError second)
        {
            throw CliError.Broken((first as CliError)?.Code ?? "restore.failed", $"{first.Message}\nand the server could not be started again: {second.Message}", "slipway stack up starts it", first);
        }
    }

    private async Task<StoreReport> ThroughAsync(Func<string, Task<StoreReport>> work)
    {
        foreach (var left in new DirectoryInfo(folder.Backups).EnumerateFiles(".*").Where(f => f.LastWriteTimeUtc < TimeProvider.System.GetUtcNow() - Kept)) left.Delete();
        var name = $".{Guid.NewGuid():N}.db";
        try
        {
            return await work(name);
        }
        finally
        {
            foreach (var left in Directory.EnumerateFiles(folder.Backups, name + "*")) File.Delete(left);
        }
    }

    private static async Task RunningAsync(CancellationToken ct)
    {
        var services = await StackServices.ListAsync(ct);
        if (services.FirstOrDefault(s => s.Service == "postgres") is not { IsWell: true }) throw CliError.Broken("stack.not_running", "the stack's PostgreSQL does not run", "start it: slipway stack up");
    }

    /// <summary>Beside the file, on the same disk: a container's /tmp is small memory.</summary>
    private async Task<StoreReport> DoAsync(string verb, string name, CancellationToken ct, params string?[] more) =>
        StoreTool.Report(verb, await compose.OnceAsync("backup", new() { ["TMPDIR"] = There }, ["--roles", "store", "--do", verb, "--file", string.Create(CultureInfo.InvariantCulture, $"{There}/{name}"), .. more.OfType<string>()], ct));
}

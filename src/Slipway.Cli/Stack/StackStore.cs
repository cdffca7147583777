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

    public static async Task<StackStore> OpenAsync(StackFolder folder, string verb, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess) throw CliError.Broken("stack.not_permitted", "the stack's backups belong to a user of its own", $"run this as root: sudo ./slipway {verb}");
        return new StackStore(folder, await Compose.FindAsync(folder, null, ct));
    }

    /// <summary>While everything runs.</summary>
    public Task<StoreReport> BackupAsync(string file, CancellationToken ct) => ThroughAsync(async name =>
    {
        if (File.Exists(file)) throw CliError.Broken("backup.refused", $"{file} is there already", "name another file; nothing was changed");
        await RunningAsync(ct);
        var report = await DoAsync("backup", name, ct);
        var made = Path.Combine(folder.Backups, name);
        FileOwner.Give(made, 0, 0);
        File.Move(made, file);
        return report;
    });

    /// <summary>The server is stopped meanwhile, and runs again whatever comes of it; apps are served on, and what workers build waits in the queue.</summary>
    public Task<StoreReport> RestoreAsync(string file, bool force, CancellationToken ct) => ThroughAsync(async name =>
    {
        if (!File.Exists(file)) throw CliError.Broken("restore.refused", $"there is no file {file}", "nothing was changed");
        var copy = Path.Combine(folder.Backups, name);
        File.Copy(file, copy);
        FileOwner.Give(copy, StackUsers.Server, StackUsers.Server);
        await RunningAsync(ct);
        await compose.RunAsync(["stop", .. Users], ct);
        try
        {
            return await DoAsync("restore", name, ct, force ? "--force" : null);
        }
        finally
        {
            await compose.RunAsync(["start", .. Users], CancellationToken.None);
        }
    });

    private async Task<StoreReport> ThroughAsync(Func<string, Task<StoreReport>> work)
    {
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

    private async Task<StoreReport> DoAsync(string verb, string name, CancellationToken ct, params string?[] more) =>
        StoreTool.Report(verb, await compose.AskAsync(["run", "--rm", "--no-deps", "-T", "backup", "--roles", "store", "--do", verb, "--file", $"{There}/{name}", .. more.OfType<string>()], ct));
}

using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;
using Slipway.Core;
using Slipway.Core.Stack;
using Slipway.Core.Storage;

namespace Slipway.Cli.Stack;

/// <summary>
/// Takes a one-machine home over into its stack: the same id, token, key and uploads, and the database into PostgreSQL before the first
/// server starts on it. What runs goes on running. The home's own file stays as it was.
/// </summary>
internal sealed class StackAdoption(SlipwayHome home, StackFolder folder, TimeProvider time)
{
    private const string Copy = "adopted.db";
    private const string There = "/var/lib/slipway";

    /// <summary>There while it is not done: an interrupted one is done again, for no server has started yet.</summary>
    private string Pending => Path.Combine(folder.Root, "adoption-pending");

    private string Server => folder.DataOf("server");

    public bool IsPending => File.Exists(Pending);

    /// <summary>Decides once, at the first <c>stack up</c>.</summary>
    public void Begin()
    {
        if (folder.Exists || !File.Exists(home.Database)) return;
        FileOwner.Folder(folder.Root, 0, 0);
        File.WriteAllText(Pending, "the home's database is not in the stack yet\n");
    }

    public void BringFiles()
    {
        Bring(home.IdFile, Path.Combine(Server, "home.id"));
        Bring(home.TokenFile, Path.Combine(Server, "keys", "token"));
        Bring(Path.Combine(home.Keys, "master.key"), Path.Combine(Server, "keys", "master.key"));
        FileOwner.Folder(Path.Combine(Server, "uploads"), StackUsers.Server, StackUsers.Server);
        if (!Directory.Exists(home.Uploads)) return;
        foreach (var upload in Directory.EnumerateFiles(home.Uploads))
        {
            var there = Path.Combine(Server, "uploads", Path.GetFileName(upload));
            File.Copy(upload, there, overwrite: true);
            FileOwner.Give(there, StackUsers.Server, StackUsers.Server);
        }
    }

    /// <summary>PostgreSQL runs, the server does not.</summary>
    public async Task<StoreReport> BringDatabaseAsync(Compose compose, CancellationToken ct)
    {
        var copy = Path.Combine(Server, Copy);
        File.Delete(copy);
        var before = await StoreTool.OnFileAsync(home, time, "backup", ["--file", copy], ct);
        FileOwner.Give(copy, StackUsers.Server, StackUsers.Server);
        var ran = await compose.OnceAsync("server", new() { ["TMPDIR"] = There }, ["--roles", "store", "--do", "restore", "--file", $"{There}/{Copy}", "--force"], ct);
        if (ran.ExitCode != 0) throw CliError.Broken("stack.adoption_failed", $"the database of this home could not be moved into the stack's PostgreSQL:\n  {string.Join("\n  ", (ran.Errors + ran.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(8))}", $"nothing is lost: {home.Database} is as it was; run slipway stack up again");
        var after = StoreTool.Report("restore", ran);
        if (before.Tables.Sum(t => t.After) != after.Tables.Sum(t => t.After)) throw CliError.Broken("stack.adoption_failed", $"{before.Tables.Sum(t => t.After)} rows were to be moved and {after.Tables.Sum(t => t.After)} are there", $"nothing is lost: {home.Database} is as it was; run slipway stack up again");
        File.Delete(copy);
        File.Delete(Pending);
        return after;
    }

    private static void Bring(string from, string to)
    {
        if (File.Exists(from)) FileOwner.Write(to, File.ReadAllBytes(from), StackUsers.Server, StackUsers.Server);
    }
}

using System.Diagnostics;

namespace Slipway.Testing.Sourcing;

/// <summary>A repository on a <see cref="GitServer"/>, with the work tree it is filled from.</summary>
public sealed class GitRepository(string bare, string tree)
{
    /// <summary>Where the next commit's files lie; for what <see cref="CommitAsync"/> cannot write, such as links.</summary>
    public string Tree { get; } = tree;

    /// <summary>Commits the tree with <paramref name="files"/> written over it; returns the commit's hash.</summary>
    public async Task<string> CommitAsync(IReadOnlyDictionary<string, string> files, string message, string branch = "main", string author = "Ada Lovelace")
    {
        await EnsureTreeAsync();
        await GitAsync(Tree, ["checkout", "--quiet", "-B", branch]);
        foreach (var (path, text) in files)
        {
            var full = Path.Combine(Tree, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full) ?? Tree);
            await File.WriteAllTextAsync(full, text);
        }

        await GitAsync(Tree, ["add", "--all", "--force"]);
        await GitAsync(Tree, ["-c", $"user.name={author}", "-c", "user.email=ada@example.com", "commit", "--quiet", "--allow-empty", "-m", message]);
        await GitAsync(Tree, ["push", "--quiet", "--force", bare, $"HEAD:refs/heads/{branch}"]);
        return (await GitAsync(Tree, ["rev-parse", "HEAD"])).Trim();
    }

    public Task TagAsync(string name, string commit) => GitAsync(bare, ["tag", name, commit]);

    public Task RemoveBranchAsync(string branch) => GitAsync(bare, ["branch", "-D", branch]);

    /// <summary>Makes the work tree, so that a test can put things into it before the first commit.</summary>
    public async Task EnsureTreeAsync()
    {
        if (Directory.Exists(Tree)) return;
        Directory.CreateDirectory(Tree);
        await GitAsync(Tree, ["init", "--quiet", "--initial-branch=main"]);
    }

    /// <summary>A commit whose trees name each other so that <paramref name="width"/> to the power of <paramref name="depth"/> files would be written.</summary>
    public async Task CommitTreeBombAsync(int depth, int width)
    {
        await EnsureTreeAsync();
        var below = (await GitAsync(Tree, ["hash-object", "-w", "--stdin"], "boom")).Trim();
        for (var level = 0; level < depth; level++)
        {
            var kind = level == 0 ? "100644 blob" : "040000 tree";
            below = (await GitAsync(Tree, ["mktree"], string.Concat(Enumerable.Range(0, width).Select(i => $"{kind} {below}\td{i}\n")))).Trim();
        }

        var commit = (await GitAsync(Tree, ["-c", "user.name=Eve", "-c", "user.email=eve@example.com", "commit-tree", "-m", "Boom", below])).Trim();
        await GitAsync(Tree, ["push", "--quiet", bare, $"{commit}:refs/heads/main"]);
    }

    internal static async Task<string> GitAsync(string directory, IReadOnlyList<string> arguments, string input = "")
    {
        using var git = Start(directory, arguments, []);
        await git.StandardInput.WriteAsync(input);
        git.StandardInput.Close();
        var errors = git.StandardError.ReadToEndAsync();
        var output = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        return git.ExitCode == 0 ? output : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {await errors}");
    }

    /// <summary>git, without the configuration of whoever runs the tests.</summary>
    internal static Process Start(string directory, IEnumerable<string> arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = directory, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("git could not be started");
    }
}

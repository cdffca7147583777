using System.Security.Cryptography;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;
using Slipway.Cli.Output;

namespace Slipway.Cli.Stack;

/// <summary>The compose program of this host: the engine's plugin, or the one of its own (Debian: <c>docker-compose</c>).</summary>
internal sealed class Compose
{
    public static readonly Need Package = new("docker-compose", "docker-compose", "it starts the stack's services");

    /// <summary>Longer than a worker that is being stopped may go on building.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(40);

    /// <summary>A large database takes its time.</summary>
    private static readonly TimeSpan StorePatience = TimeSpan.FromHours(12);

    private readonly string _program;
    private readonly string[] _before;
    private readonly StackFolder _folder;

    private Compose(string program, string[] before, StackFolder folder) => (_program, _before, _folder) = (program, before, folder);

    /// <summary>Installs it where that can be done.</summary>
    public static async Task<Compose> FindAsync(StackFolder folder, Progress? progress, CancellationToken ct)
    {
        if (ChildProcess.Exists("docker") && (await ChildProcess.RunAsync("docker", ["compose", "version"], TimeSpan.FromSeconds(20), ct)).ExitCode == 0) return new("docker", ["compose"], folder);
        if (!ChildProcess.Exists("docker-compose"))
        {
            if (!Packages.CanInstall || progress is null) throw CliError.Broken("stack.no_compose", "there is no compose program on this machine", $"{Packages.Command([Package])}   — or the engine's own plugin: docker compose");
            await Packages.InstallAsync([Package], progress, ct);
        }

        return new("docker-compose", [], folder);
    }

    public async Task RunAsync(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var ran = await AskAsync(arguments, ct);
        if (ran.ExitCode != 0) throw CliError.Broken("stack.compose_failed", $"'{_program} {string.Join(' ', _before.Concat(arguments))}' ended with {ran.ExitCode}:\n  {string.Join("\n  ", Last(ran))}", $"the file and its variables are in {_folder.Root}; what a service says: slipway stack logs SERVICE");
    }

    public Task<ProcessResult> AskAsync(IReadOnlyList<string> arguments, CancellationToken ct) => AskAsync(arguments, Patience, ct);

    /// <summary>A container of a service for one work on the database; gone afterwards, also when we do not wait for its end.</summary>
    /// <param name="variables">Beside the service's own.</param>
    public async Task<ProcessResult> OnceAsync(string service, Dictionary<string, string> variables, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var name = $"slipway-store-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        try
        {
            return await AskAsync(["run", "--rm", "--no-deps", "-T", "--name", name, .. variables.SelectMany(v => new[] { "-e", $"{v.Key}={v.Value}" }), service, .. arguments], StorePatience, ct);
        }
        catch (Exception given) when (given is OperationCanceledException or CliError)
        {
            await EngineProbe.RemoveContainerAsync(name, CancellationToken.None);
            throw;
        }
    }

    private Task<ProcessResult> AskAsync(IReadOnlyList<string> arguments, TimeSpan patience, CancellationToken ct) =>
        ChildProcess.RunAsync(_program, [.. _before, "--project-directory", _folder.Root, "-f", _folder.ComposeFile, .. File.Exists(_folder.Override) ? new[] { "-f", _folder.Override } : [], "--env-file", _folder.EnvironmentFile, "-p", "slipway", .. arguments], patience, ct, new Dictionary<string, string> { ["COMPOSE_HTTP_TIMEOUT"] = "2400" });

    private static IEnumerable<string> Last(ProcessResult ran) => (ran.Errors + ran.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(12);
}

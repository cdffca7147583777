using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;

namespace Slipway.Cli.Stack;

/// <summary>What this host is to the stack's services.</summary>
/// <param name="Socket">The engine's, as a path.</param>
/// <param name="Group">The number of the group that may open it.</param>
/// <param name="DataRoot">Where the engine says what its build steps are.</param>
/// <param name="Authorities">Whom this host trusts.</param>
/// <param name="Apt">Where Debian's packages come from here; an empty folder on other systems.</param>
internal sealed record StackHost(string Socket, string Group, string DataRoot, string Authorities, string Apt)
{
    private const string Unix = "unix://";

    /// <summary>Debian, Fedora, openSUSE, Alpine.</summary>
    private static readonly string[] Bundles = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"];

    public static async Task<StackHost> LookAsync(StackFolder folder, CancellationToken ct)
    {
        if (!EngineProbe.Socket.StartsWith(Unix, StringComparison.Ordinal))
            throw CliError.Broken("stack.engine_elsewhere", $"DOCKER_HOST is {EngineProbe.Socket}: the stack runs on an engine of this machine, by its socket", "unset DOCKER_HOST, or name a socket: DOCKER_HOST=unix:///run/docker.sock");
        var socket = EngineProbe.Socket[Unix.Length..];
        var authorities = Bundles.FirstOrDefault(File.Exists) ?? throw CliError.Broken("stack.no_authorities", $"this host trusts no authority: none of {string.Join(", ", Bundles)} is there", "install the package ca-certificates");
        var apt = Directory.Exists("/etc/apt") ? "/etc/apt" : Path.Combine(folder.Root, "apt");
        if (apt.StartsWith(folder.Root, StringComparison.Ordinal)) FileOwner.Folder(apt, 0, 0, FileOwner.ForAll);
        using var info = await EngineProbe.GetAsync("/info", ct);
        return new StackHost(socket, await GroupOfAsync(socket, ct), info.RootElement.GetProperty("DockerRootDir").GetString() ?? "/var/lib/docker", authorities, apt);
    }

    private static async Task<string> GroupOfAsync(string socket, CancellationToken ct)
    {
        var ran = await ChildProcess.RunAsync("stat", ["-L", "-c", "%g %a", socket], TimeSpan.FromSeconds(10), ct);
        if (ran.Output.Trim().Split(' ') is not [var group, var mode] || mode.Length < 2) throw CliError.Broken("stack.engine_socket", $"the engine's socket {socket} cannot be looked at: {ran.Errors.Trim()}");
        // Services are no root: a group must be let in, and never everybody.
        if ((mode[^2] & 6) == 6 && group != "0") return group;
        throw CliError.Broken("stack.engine_socket", $"the engine's socket {socket} is of group {group}, mode {mode}: no group but root's may open it", "give it one: groupadd --system docker, then start dockerd with --group docker (on Debian: systemctl restart docker.socket docker)");
    }
}

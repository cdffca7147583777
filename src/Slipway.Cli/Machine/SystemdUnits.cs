namespace Slipway.Cli.Machine;

/// <param name="Suffix">"" for the default home, else "-" and the home's id, so that two homes have their own units.</param>
/// <param name="EdgeBinary">The server's, or the edge's own.</param>
/// <param name="EnvironmentFile">What they get of our environment: a file of root's own, for a proxy's address may hold its password and everybody may read units.</param>
internal sealed record UnitSettings(string Suffix, string ServerBinary, string EdgeBinary, string Home, string Logs, string User, string EnvironmentFile);

/// <summary>The texts of the units that bring Slipway back after a reboot. Pure; golden-tested.</summary>
internal static class SystemdUnits
{
    public static string Edge(string suffix) => $"slipway-edge{suffix}.service";

    public static string Server(string suffix) => $"slipway-server{suffix}.service";

    public static string Companion(string suffix) => $"slipway-companion{suffix}.service";

    public static string Firewall(string suffix) => $"slipway-firewall{suffix}.service";

    public static string FirewallAgain(string suffix) => $"slipway-firewall-again{suffix}.service";

    /// <summary>File name → text.</summary>
    public static IReadOnlyDictionary<string, string> Render(UnitSettings s) => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        [Edge(s.Suffix)] = $"""
            [Unit]
            Description=Slipway edge: what visitors reach ({s.Home})
            Wants=network-online.target
            After=network-online.target
            {Always}

            [Service]
            Type=exec
            ExecStart={Quote(s.EdgeBinary)} --roles edge
            {Common(s, "edge")}
            TimeoutStopSec=30
            LimitNOFILE=65536

            [Install]
            WantedBy=multi-user.target

            """,
        // As root, whoever the others run as: only root may write the cgroups that freeze and thaw.
        [Companion(s.Suffix)] = $"""
            [Unit]
            Description=Slipway companion: thaws sleeping apps for the edge ({s.Home})
            {Always}

            [Service]
            Type=exec
            ExecStart={Quote(s.ServerBinary)} --roles companion
            {Common(s with { User = "root" }, "companion")}
            NoNewPrivileges=yes
            PrivateNetwork=yes
            CapabilityBoundingSet=CAP_DAC_OVERRIDE
            RestrictAddressFamilies=AF_UNIX

            [Install]
            WantedBy=multi-user.target

            """,
        [Server(s.Suffix)] = $"""
            [Unit]
            Description=Slipway server: API, worker, runtime and dashboard ({s.Home})
            Wants=docker.service {Edge(s.Suffix)}
            After=docker.service {Edge(s.Suffix)} {Firewall(s.Suffix)}
            {Always}

            [Service]
            Type=exec
            ExecStart={Quote(s.ServerBinary)} --roles api,worker,runtime,dashboard
            {Common(s, "server")}
            TimeoutStopSec=90
            KillMode=mixed

            [Install]
            WantedBy=multi-user.target

            """,
        [Firewall(s.Suffix)] = $"""
            [Unit]
            Description=Slipway firewall table ({s.Home})
            After=docker.service nftables.service
            # A restart or reload of nftables.service flushes every table, ours too: then it is applied again.
            PartOf=nftables.service
            ReloadPropagatedFrom=nftables.service

            [Service]
            Type=oneshot
            RemainAfterExit=yes
            ExecStart={Quote(s.ServerBinary)} --roles firewall
            ExecReload={Quote(s.ServerBinary)} --roles firewall
            {Environment(s)}

            [Install]
            WantedBy=multi-user.target

            """,
        // Not RemainAfterExit: what is active already is not started again, and nftables.service may be started late.
        [FirewallAgain(s.Suffix)] = $"""
            [Unit]
            Description=Slipway firewall table, after nftables.service was started and has flushed all ({s.Home})
            After=nftables.service

            [Service]
            Type=oneshot
            ExecStart={Quote(s.ServerBinary)} --roles firewall
            {Environment(s)}

            [Install]
            WantedBy=nftables.service

            """,
    };

    /// <summary>systemd gives up on what ended five times in ten seconds; nobody is there to start it again.</summary>
    private const string Always = "StartLimitIntervalSec=0";

    private static string Common(UnitSettings s, string log) => $"""
        {Environment(s)}
        User={s.User}
        Restart=always
        RestartSec=1
        StandardOutput=append:{Escape($"{s.Logs}/{log}.log")}
        StandardError=inherit
        """;

    /// <summary>The home stands here too: what somebody does to the file must not lead a unit to another one.</summary>
    private static string Environment(UnitSettings s) => $"""
        EnvironmentFile=-{Escape(s.EnvironmentFile)}
        Environment={Quote($"SLIPWAY_HOME={s.Home}")}
        """;

    /// <summary>systemd reads % as a specifier, and $ in commands as a variable.</summary>
    private static string Escape(string text) => text.Replace("%", "%%", StringComparison.Ordinal);

    private static string Quote(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || "/._-=:,+@".Contains(c)) ? text : $"\"{Escape(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

namespace Slipway.Edge;

/// <summary>Settings of TLS at the edge.</summary>
public sealed class EdgeTlsOptions
{
    public const string Section = "Slipway:Edge:Tls";

    /// <summary>The TLS port; 0: none. Without it 443 where the edge listens on all addresses at port 80, and there a port that is taken keeps no edge from starting.</summary>
    public int? Port { get; set; }

    /// <summary>The TLS port as visitors see it, where something maps it; without it <see cref="Port"/>.</summary>
    public int? PublicPort { get; set; }

    /// <summary>Folder with certificates of one's own, whole chains: <c>NAME.pem</c> with <c>NAME-key.pem</c> (or the key in it), <c>NAME.crt</c> with <c>NAME.key</c>, or folders with <c>fullchain.pem</c> and <c>privkey.pem</c>. Which hosts they are for, wildcards too, they say themselves. Default: <c>certificates</c> in the home.</summary>
    public string Folder { get; set; } = "";

    /// <summary>How often the folders are looked at for certificates that came, changed or went.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Plain requests to a host that has a valid certificate are sent on to https (308), except below <c>localhost</c>.</summary>
    public bool RedirectHttp { get; set; } = true;

    /// <summary>Folder of the certificates that are fetched by ACME; one's own go before them.</summary>
    public string AutomaticFolder { get; set; } = "";

    /// <summary>Folder below which <c>.well-known/acme-challenge</c> is answered.</summary>
    public string ChallengeFolder { get; set; } = "";
}

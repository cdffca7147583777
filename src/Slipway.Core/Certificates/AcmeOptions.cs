namespace Slipway.Core.Certificates;

/// <summary>Certificates that are fetched by ACME, with the program lego; without <see cref="Email"/> none are.</summary>
public sealed class AcmeOptions
{
    public const string Section = "Slipway:Acme";

    /// <summary>Let's Encrypt by name: its real certificates, or those for trying it out, which browsers refuse.</summary>
    public const string LetsEncrypt = "letsencrypt", LetsEncryptStaging = "letsencrypt-staging";

    /// <summary>The account's address; with it certificates are fetched for the hosts that are served here.</summary>
    public string Email { get; set; } = "";

    /// <summary>You have read and accept the authority's terms.</summary>
    public bool AgreeToTerms { get; set; }

    /// <summary>Who gives certificates: <c>letsencrypt</c>, <c>letsencrypt-staging</c> (for trying it out; browsers refuse them), or the address of another authority's ACME directory.</summary>
    public string Directory { get; set; } = LetsEncrypt;

    /// <summary>PEM file of the authority that signed the directory's own TLS certificate; empty: those that this host trusts.</summary>
    public string AuthorityFile { get; set; } = "";

    /// <summary>The program; a name is looked for in the PATH. Debian's package is <c>lego</c>.</summary>
    public string Program { get; set; } = "lego";

    /// <summary>lego's name of the DNS provider that holds the base domain (<c>lego dnshelp</c> lists them): with it one wildcard certificate is fetched for all hosts below the base domain; empty: each host has one of its own, previews none.</summary>
    public string DnsProvider { get; set; } = "";

    /// <summary>File with the variables that lego's provider wants, <c>NAME=value</c> a line; of this user, closed to others. Nobody but lego is given them.</summary>
    public string DnsVariablesFile { get; set; } = "";

    /// <summary>Name servers that lego asks, <c>host:port</c>, between commas; empty: this host's.</summary>
    public string DnsResolvers { get; set; } = "";

    /// <summary>Wait until all name servers of the domain have the record; off where they cannot be reached from here.</summary>
    public bool DnsWait { get; set; } = true;

    /// <summary>Before a certificate is asked for, the host is fetched from here: one that leads elsewhere costs no question. Off where this machine has another DNS than the world.</summary>
    public bool CheckFirst { get; set; } = true;

    /// <summary>Certificates asked for in an hour, for all hosts together.</summary>
    public int PerHour { get; set; } = 10;

    /// <summary>Certificates asked for in a day, for all hosts together.</summary>
    public int PerDay { get; set; } = 40;

    /// <summary>After a refusal it is asked again so much later, then twice that, and so on.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>And never later than this.</summary>
    public TimeSpan RetryAtMost { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How long one certificate may take.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often it is looked which hosts have a certificate and which want one.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(10);

    public bool IsWanted => Email.Length > 0;

    public Uri DirectoryUrl => Directory switch
    {
        LetsEncrypt or "" => new("https://acme-v02.api.letsencrypt.org/directory"),
        LetsEncryptStaging => new("https://acme-staging-v02.api.letsencrypt.org/directory"),
        var other => new(other),
    };

    /// <summary>What cannot be right, named by its setting; null: nothing.</summary>
    public string? Fault()
    {
        if (LookEvery <= TimeSpan.Zero || RetryAfter <= TimeSpan.Zero || RetryAtMost < RetryAfter || Patience <= TimeSpan.Zero) return $"{Section}: LookEvery, RetryAfter and Patience are times above zero, and RetryAtMost is no shorter than RetryAfter";
        if (!IsWanted) return DnsProvider.Length > 0 ? $"{Section}:DnsProvider is set, but no {Section}:Email, without which no certificate is fetched" : null;
        if (!AcmeEmail.IsOne(Email)) return $"{Section}:Email is '{Email}', which is no e-mail address";
        if (!AgreeToTerms) return $"{Section}:Email is set, but {Section}:AgreeToTerms is not true: read the terms of {DirectoryUrl.Host} and set it, or remove the address";
        if (Directory is not (LetsEncrypt or LetsEncryptStaging or "") && (!Uri.TryCreate(Directory, UriKind.Absolute, out var url) || url.Scheme != "https")) return $"{Section}:Directory is '{Directory}'; give letsencrypt, letsencrypt-staging, or an address that begins with https://";
        if (AuthorityFile.Length > 0 && !File.Exists(AuthorityFile)) return $"{Section}:AuthorityFile: there is no {AuthorityFile}";
        if (PerHour < 1 || PerDay < 1) return $"{Section}: PerHour and PerDay are at least 1; remove {Section}:Email to fetch no certificates";
        if (DnsProvider.Any(c => !char.IsAsciiLetterOrDigit(c))) return $"{Section}:DnsProvider is '{DnsProvider}'; give a name that 'lego dnshelp' lists";
        return DnsProvider.Length == 0 && DnsVariablesFile.Length > 0 ? $"{Section}:DnsVariablesFile is set, but no {Section}:DnsProvider that would read it" : null;
    }
}

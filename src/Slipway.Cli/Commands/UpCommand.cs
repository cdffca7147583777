using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Machine;
using Slipway.Cli.Output;
using Slipway.Client;
using Slipway.Core.Certificates;

namespace Slipway.Cli.Commands;

internal static class UpCommand
{
    public static Verb Create(CliContext context)
    {
        var isPublic = new Option<bool>("--public") { Description = "listen on all addresses; the base domain becomes {ip}.sslip.io unless one is given or set" };
        var isLocal = new Option<bool>("--local") { Description = "back to this machine alone: loopback, *.localhost" };
        var domain = new Option<string?>("--base-domain") { HelpName = "DOMAIN", Description = "what URLs end in: {project}.DOMAIN; point *.DOMAIN at this machine" };
        var email = new Option<string?>("--acme-email") { HelpName = "ADDRESS", Description = "fetch certificates from Let's Encrypt, under this e-mail address; with it you accept its terms of service" };
        var verb = new Verb(
            "up", "set this machine up and start Slipway in the background", VerbGroup.Machine,
            new Example("up", "start (or restart at the present version); installs Docker Engine and git where they are missing"),
            new Example("up --public", "also reachable from outside, as {project}.{ip}.sslip.io; kept for later"),
            new Example("up --public --acme-email you@example.com", "and with certificates, for your domains, the dashboard and each project's host"),
            new Example("up --base-domain apps.example.com", "URLs under your own domain; kept for later"))
        {
            isPublic, isLocal, domain, email,
        };
        verb.SetAction((parse, ct) => RunAsync(context, Request(parse.GetValue(isPublic), parse.GetValue(isLocal), parse.GetValue(domain), new HomeSettingsFile(context.Home)) with { AcmeEmail = Email(parse.GetValue(email)) }, ct));
        return verb;
    }

    private static UpRequest Request(bool isPublic, bool isLocal, string? domain, HomeSettingsFile settings)
    {
        if (isPublic && isLocal) throw CliError.Usage("cli.usage", "--public and --local exclude each other", "public", "give one of them");
        if (domain is not null) domain = BaseDomain.Check(domain);
        if (isLocal) return new UpRequest(false, domain ?? "localhost");
        if (!isPublic) return new UpRequest(null, domain);
        return new UpRequest(true, domain ?? (settings.BaseDomain == "localhost" ? OwnDomain() : null));
    }

    private static string? Email(string? given) => given is null || AcmeEmail.IsOne(given.Trim())
        ? given?.Trim() : throw CliError.Usage("cli.usage", $"'{given}' is no e-mail address", "acme-email", "give one that you read: the authority writes to it when something is wrong");

    private static string OwnDomain() => PublicAddress.Find() is { } address
        ? $"{address}.sslip.io"
        : throw CliError.Broken("up.no_address", "this machine has no IPv4 address that others could reach", "name a domain that leads here: --base-domain apps.example.com");

    private static async Task<int> RunAsync(CliContext context, UpRequest request, CancellationToken ct)
    {
        var screen = context.Screen;
        var up = await Progress.RunAsync(screen, context.Time, progress => new Installation(context.Home, context.Time, screen).EnsureUpAsync(request, progress, ct));
        screen.Document(up, CliJson.Pretty.UpDocument);
        screen.Say("Slipway is up");
        screen.Say($"  apps       {await AppAddressAsync(context, up, ct)}{(up.IsPublic ? "   (all addresses)" : "   (this machine only; slipway up --public opens it)")}");
        screen.Say($"  edge       {up.Edge.Address}   pid {up.Edge.Pid}   log {up.Edge.Log}");
        screen.Say($"  server     {up.Server.Address}   pid {up.Server.Pid}   log {up.Server.Log}");
        screen.Say($"  engine     {up.Engine}");
        screen.Say($"  home       {up.Home}");
        screen.Say("  dashboard  slipway open");
        if (up.IsPublic) screen.Say(up.AcmeEmail is { } email ? $"  tls        certificates are fetched under {email}, a few an hour at most; how it stands: slipway domains ls" : "  tls        no certificates are fetched: slipway up --acme-email YOU@EXAMPLE.COM");
        if (!up.SurvivesReboot) screen.Say(Systemd.IsRunning ? "  It won't outlive a reboot: units are installed only by root." : "  It won't outlive a reboot: there is no systemd here. After one, run this again.");
        return ExitCode.Done;
    }

    private static async Task<string> AppAddressAsync(CliContext context, UpDocument up, CancellationToken ct)
    {
        if (await WildcardAsync(context, up, ct) is { Url: { } url }) return url.Replace("://*.", "://{project}.", StringComparison.Ordinal);
        var port = new Uri(up.Edge.Address).Port;
        return port == 80 ? $"http://{{project}}.{up.BaseDomain}" : $"http://{{project}}.{up.BaseDomain}:{port}";
    }

    private static async Task<CertificateView?> WildcardAsync(CliContext context, UpDocument up, CancellationToken ct)
    {
        if (!up.IsPublic) return null;
        using var server = RunningServer.Connect(context);
        return (await server.ListCertificatesAsync(ct)).FirstOrDefault(c => c.Host == $"*.{up.BaseDomain}");
    }
}

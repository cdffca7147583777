using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

internal static class DomainsLsCommand
{
    public static Verb Create(CliContext context)
    {
        var project = new Argument<string?>("project") { HelpName = "PROJECT", Description = "the project's name; without it the certificates of all hosts", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Verb(
            "ls", "list a project's own domains and their certificates", VerbGroup.Change,
            new Example("domains ls shop", "each with where it leads and how it stands with its certificate"),
            new Example("domains ls", "the certificate of every host that is served, the dashboard's too")) { project };
        verb.SetAction((parse, ct) => parse.GetValue(project) is { } name ? RunAsync(context, name, ct) : RunAsync(context, ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var found = await server.ListCertificatesAsync(ct);
        context.Screen.Document(found, CliJson.Pretty.IReadOnlyListCertificateView);
        if (found.Count == 0) context.Screen.Say("no host is served yet that would need a certificate: a domain of a project, or one below a base domain that others reach (slipway up --public)");
        else foreach (var line in Table.Lines(["host", "certificate"], found.Select(c => new[] { c.Host, CertificateText.Of(c) }))) context.Screen.Say(line);
        foreach (var line in CertificateText.Troubles(found)) context.Screen.Say(line);
        return ExitCode.Done;
    }

    private static async Task<int> RunAsync(CliContext context, string project, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var found = await server.ListDomainsAsync(project, ct);
        context.Screen.Document(found, CliJson.Pretty.IReadOnlyListDomainView);
        if (found.Count == 0) context.Screen.Say($"{project} has no domain of its own: slipway domains add {project} HOST");
        else
        {
            foreach (var line in Table.Lines(["domain", "leads to", "certificate"], found.Select(d => new[] { d.Url, d.RedirectTo ?? "production", CertificateText.Of(d.Certificate) }))) context.Screen.Say(line);
            foreach (var line in CertificateText.Troubles(found.Select(d => d.Certificate))) context.Screen.Say(line);
        }

        return ExitCode.Done;
    }
}

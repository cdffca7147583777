using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

internal static class DomainsAddCommand
{
    public static Verb Create(CliContext context)
    {
        var project = new Argument<string>("project") { HelpName = "PROJECT", Description = "the project's name" };
        var host = new Argument<string>("host") { HelpName = "HOST", Description = "the domain: www.example.com" };
        var to = new Option<string?>("--redirect-to") { HelpName = "HOST", Description = "send its visitors on to this other domain of the project" };
        var verb = new Verb(
            "add", "add a domain, or change where it redirects", VerbGroup.Change,
            new Example("domains add shop example.com", "leads to production; point the name at this machine"),
            new Example("domains add shop www.example.com --redirect-to example.com", "308, path and query kept"))
        {
            project, host, to,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(project), new AddDomain(parse.GetRequiredValue(host), parse.GetValue(to)), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string project, AddDomain domain, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var added = await server.AddDomainAsync(project, domain, ct);
        context.Screen.Document(added, CliJson.Pretty.DomainView);
        context.Screen.Say(added.RedirectTo is { } to ? $"{added.Url} redirects to {to}" : $"{added.Url} leads to production of {project}");
        if (added.Certificate is { State: "asked" or "waiting" or "failed" }) context.Screen.Say($"its certificate is asked for once the name leads here: slipway domains ls {project}");
        context.Screen.Say("point the name at this machine, where it does not lead here yet: an A or AAAA record, or a CNAME");
        return ExitCode.Done;
    }
}

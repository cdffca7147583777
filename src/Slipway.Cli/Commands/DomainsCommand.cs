using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway domains</c>: a project's own host names.</summary>
internal static class DomainsCommand
{
    public static Verb Create(CliContext context) => new Verb(
        "domains", "a project's own domains, and redirects between them", VerbGroup.Change,
        new Example("domains ls shop", "each with where it leads and its certificate"),
        new Example("domains add shop example.com", "leads to production; point the name at this machine"),
        new Example("domains add shop www.example.com --redirect-to example.com", "visitors are sent on, path and query kept"),
        new Example("domains rm shop www.example.com", "take one away"))
    {
        DomainsLsCommand.Create(context), DomainsAddCommand.Create(context), DomainsRmCommand.Create(context),
    };
}

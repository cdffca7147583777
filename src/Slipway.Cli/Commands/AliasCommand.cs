using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway alias</c>: the hosts that lead to a project's deployments.</summary>
internal static class AliasCommand
{
    public static Verb Create(CliContext context) => new Verb(
        "alias", "a project's hosts: production, domains, branches, previews", VerbGroup.Change,
        new Example("alias ls shop", "each host with the deployment it leads to"))
    {
        AliasLsCommand.Create(context),
    };
}

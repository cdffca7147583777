using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway env</c>: a project's variables.</summary>
internal static class EnvCommand
{
    public static Verb Create(CliContext context) => new Verb(
        "env", "a project's variables: secrets and settings for build and run", VerbGroup.Change,
        new Example("env ls shop", "names, targets, phases; never a secret's value"),
        new Example("env set DATABASE_URL --project shop", "a secret: asks for the value, or reads it from a pipe"),
        new Example("env import .env --project shop", "a whole file, as secrets"),
        new Example("env rm DATABASE_URL --project shop", "takes effect at the next deployment"))
    {
        EnvLsCommand.Create(context), EnvSetCommand.Create(context), EnvRmCommand.Create(context), EnvImportCommand.Create(context),
    };
}

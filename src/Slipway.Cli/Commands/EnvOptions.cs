using System.CommandLine;

namespace Slipway.Cli.Commands;

/// <summary>Options of the <c>env</c> verbs.</summary>
internal static class EnvOptions
{
    public static Option<string> Project() => new("--project", "-p") { HelpName = "NAME", Description = "the project (required)", Required = true };

    public static Option<string> Target() => Choice("--target", "which deployments get it: production, preview or both (default)", "production", "preview", "both");

    public static Option<string> Phase() => Choice("--phase", "when it is there: build, run or both (default)", "build", "run", "both");

    private static Option<string> Choice(string name, string description, params string[] words)
    {
        var option = new Option<string>(name) { HelpName = "WHICH", Description = description, DefaultValueFactory = _ => "both" };
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}

using System.CommandLine;
using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Commands;

/// <summary>Options and arguments that several verbs share.</summary>
internal static class VerbOptions
{
    public static Argument<string> Target() => new("target") { HelpName = "DEPLOYMENT", Description = "its id (dpl_…), its hash (8 hex digits), or a project's name for its latest" };

    public static Option<string?> Root() => new("--root") { HelpName = "DIR", Description = "where the app is inside the source, for example apps/web" };

    /// <summary><c>NAME=value</c> pairs of <c>--env</c>.</summary>
    public static Dictionary<string, string> Pairs(IEnumerable<string> given)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in given)
        {
            var equals = pair.IndexOf('=');
            if (equals < 0) throw CliError.Usage("env.invalid", $"--env {pair} has no '='", "env", "write --env NAME=value");
            var name = pair[..equals];
            if (Core.Projects.EnvironmentVariable.CheckName(name) is { } bad) throw CliError.Usage(bad.Code, bad.Message, "env", bad.Hint);
            pairs[name] = pair[(equals + 1)..];
        }

        return pairs;
    }
}

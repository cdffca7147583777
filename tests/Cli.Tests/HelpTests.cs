using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Core;
using Slipway.Testing;

namespace Slipway.Cli.Tests;

/// <summary>Help is read by people and by scripts that learn: it changes on purpose only.</summary>
public sealed class HelpTests
{
    [Fact]
    public void Every_page_is_as_agreed()
    {
        var root = SlipwayCommand.Build(new CliContext(new Screen(TextWriter.Null, TextWriter.Null, false, false), new SlipwayHome("/nowhere"), TimeProvider.System, null));
        foreach (var (name, command) in All(root, "slipway")) Golden.Match(Page(command), $"tests/Cli.Tests/Goldens/help/{name}.txt");
    }

    private static IEnumerable<(string Name, Command Command)> All(Command command, string name) =>
        command.Subcommands.SelectMany(sub => All(sub, $"{name}-{sub.Name}")).Prepend((name, command));

    private static string Page(Command command)
    {
        using var page = new StringWriter();
        HelpPage.Write(command, page);
        return page.ToString();
    }
}

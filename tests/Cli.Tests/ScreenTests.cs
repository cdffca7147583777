using Slipway.Cli.Output;

namespace Slipway.Cli.Tests;

public sealed class ScreenTests
{
    [Fact]
    public void What_a_repository_says_moves_no_cursor_and_sets_no_title()
    {
        using var stdout = new StringWriter();
        var screen = new Screen(stdout, TextWriter.Null, isJson: false, isTerminal: true);

        screen.Say("commit \u001b[2J\u001b]0;owned\u0007fix\r\b");
        screen.Tell("start \u001b[31mnode\u001b[0m\tserver.js");

        Assert.Equal(["commit fix", "start node\tserver.js"], stdout.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n'));
    }
}

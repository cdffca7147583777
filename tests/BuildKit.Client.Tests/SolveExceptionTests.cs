namespace BuildKit.Client.Tests;

public class SolveExceptionTests
{
    [Theory]
    [InlineData("executor failed running [/bin/sh -c echo 'exit code: 5' && exit 7]: exit code: 7", 7)]
    [InlineData("failed to solve: process \"/bin/sh -c exit 127\" did not complete successfully: exit code: 127", 127)]
    [InlineData("dockerfile parse error line 2: unknown instruction: EXIT exit code: 3", null)]
    [InlineData("secret word: not found", null)]
    public void The_exit_code_is_the_engines_own_not_the_commands_words(string message, int? expected) =>
        Assert.Equal(expected, BuildKitSolveException.ExitCodeIn(message));
}

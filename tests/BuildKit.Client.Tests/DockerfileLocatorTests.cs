namespace BuildKit.Client.Tests;

public class DockerfileLocatorTests
{
    private const string File = "FROM scratch\r\n  NONSENSE here\r\nFROM \"x y\" AS z\nCOPY --frm=x a b\n";

    [Theory]
    [InlineData("failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 2: unknown instruction: NONSENSE", null, "Dockerfile:2:3")]
    [InlineData("dockerfile parse error on line 4: unknown flag: --frm (did you mean from?)", 4, "Dockerfile:4:6")]
    [InlineData("dockerfile parse error line 4: unknown flag: frm", null, "Dockerfile:4:8")]
    [InlineData("failed to create LLB definition: failed to parse stage name \"x y\": invalid reference format", null, "Dockerfile:3:7")]
    [InlineData("process \"/bin/sh -c exit 7\" did not complete successfully: exit code: 7", 2, "Dockerfile:2:3")]
    [InlineData("the daemon says nothing of a place", null, null)]
    [InlineData("dockerfile parse error line 99: beyond the end", null, null)]
    public void The_place_is_the_daemons_line_and_the_first_of_its_words_in_it(string message, int? line, string? expected) =>
        Assert.Equal(expected, DockerfileLocator.Find(message, "Dockerfile", File, line)?.ToString());
}

using Slipway.Cli.CommandLine;
using Slipway.Cli.Variables;

namespace Slipway.Cli.Tests;

public sealed class DotEnvFileTests
{
    [Theory]
    [InlineData("A=1", "1")]
    [InlineData("  A = 1  ", "1")]
    [InlineData("export A=1", "1")]
    [InlineData("A=", "")]
    [InlineData("A=a b # why", "a b")]
    [InlineData("A=a#b", "a#b")]
    [InlineData("A=#b", "")]
    [InlineData("A=x=y", "x=y")]
    [InlineData("A='a # $b \\n'", "a # $b \\n")]
    [InlineData("A='a' # why", "a")]
    [InlineData("A=\"a # b\"", "a # b")]
    [InlineData("A=\"line\\nnext\"", "line\nnext")]
    [InlineData("A=\"say \\\"hi\\\" \\\\ \\$x\"", "say \"hi\" \\ $x")]
    [InlineData("A=\"one\ntwo\"", "one\ntwo")]
    [InlineData("A='one\ntwo'", "one\ntwo")]
    [InlineData("A=1\r\n", "1")]
    [InlineData("\uFEFFA=1", "1")]
    [InlineData("# c\n\nA=1\n", "1")]
    [InlineData("A=1\nA=2", "2")]
    [InlineData("A=$OTHER", "$OTHER")]
    public void A_value_is_read(string text, string value) => Assert.Equal([KeyValuePair.Create("A", value)], DotEnvFile.Parse(text));

    [Theory]
    [InlineData("A", "line 1")]
    [InlineData("ok=1\n=2", "line 2")]
    [InlineData("ok=1\n\n1A=2", "line 3")]
    [InlineData("A B=2", "line 1")]
    [InlineData("A=\"open", "line 1")]
    [InlineData("A=\"x\"y", "line 1")]
    public void A_bad_line_is_named_and_its_value_is_not(string text, string where)
    {
        var error = Assert.Throws<CliError>(() => DotEnvFile.Parse(text));
        Assert.Equal("env.file_invalid", error.Code);
        Assert.Contains(where, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_over_many_lines_and_what_follows_it()
    {
        var read = DotEnvFile.Parse("KEY=\"-----BEGIN-----\nabc\n-----END-----\"\nNEXT=1\n");
        Assert.Equal(["KEY", "NEXT"], read.Select(v => v.Key));
        Assert.Equal("-----BEGIN-----\nabc\n-----END-----", read[0].Value);
    }
}

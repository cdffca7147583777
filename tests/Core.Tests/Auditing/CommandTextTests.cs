using Slipway.Core;
using Slipway.Core.Auditing;

namespace Core.Tests.Auditing;

public class CommandTextTests
{
    [Theory]
    [InlineData("s3cret-value", "echo|s3cret-value", "echo|***")]
    [InlineData("s3cret-value", "psql|postgres://ada:s3cret-value@db/shop", "psql|postgres://ada:***@db/shop")]
    [InlineData("s3cret-value", "sh|-c|A=s3cret-value B=s3cret-value run", "sh|-c|A=*** B=*** run")]
    [InlineData("s3cret-value\n", "echo|s3cret-value", "echo|***")]
    [InlineData("S3CRET-VALUE", "echo|s3cret-value", "echo|s3cret-value")]
    [InlineData("1", "ls|-1|1", "ls|-1|***")]
    [InlineData("1234", "pin=1234", "pin=***")]
    [InlineData("", "echo||x", "echo||x")]
    [InlineData("  ", "echo|  ", "echo|  ")]
    public void A_secrets_value_is_masked_wherever_it_is(string secret, string words, string shown) =>
        Assert.Equal(shown.Split('|'), CommandText.Mask(words.Split('|'), [new Secret(secret)]));

    [Fact]
    public void A_value_that_holds_another_is_masked_whole_in_either_order()
    {
        Secret[] secrets = [new("s3cret"), new("postgres://ada:s3cret@db/shop"), new("s3cret")];
        Assert.Equal(["psql", "***"], CommandText.Mask(["psql", "postgres://ada:s3cret@db/shop"], secrets));
        Assert.Equal(["psql", "***"], CommandText.Mask(["psql", "postgres://ada:s3cret@db/shop"], [.. secrets.Reverse()]));
    }

    [Theory]
    [InlineData("ls|-l", "ls -l")]
    [InlineData("sh|-c|exit 3", "sh -c 'exit 3'")]
    [InlineData("echo|", "echo ''")]
    [InlineData("echo|it's", @"echo 'it'\''s'")]
    [InlineData("echo|a\nb\u001b[2Jc", "echo 'a b [2Jc'")]
    public void A_line_tells_its_words_apart_and_moves_no_cursor(string words, string line) => Assert.Equal(line, CommandText.Line(words.Split('|')));
}

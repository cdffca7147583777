using Slipway.Cli.CommandLine;
using Slipway.Cli.Commands;
using Slipway.Client;

namespace Slipway.Cli.Tests;

public sealed class ProtectCommandTests
{
    [Fact]
    public void It_says_in_words_who_is_asked_and_a_made_password_once()
    {
        Assert.Equal(["shop is open: no host asks for a password"], ProtectCommand.Lines("shop", new ProtectionView("none"), null));
        Assert.Equal(
        [
            "shop asks for a password at its previews and branches; production is open",
            "password: s3cret   (shown this once; it is kept as a hash)",
            "  programs send it by HTTP Basic, with any name: curl -u any:PASSWORD …",
        ], ProtectCommand.Lines("shop", new ProtectionView("previews"), "s3cret"));
    }

    [Theory]
    [InlineData(true, true, false, false, false)]
    [InlineData(false, false, true, true, false)]
    [InlineData(true, false, false, false, true)]
    public void What_goes_not_together_is_refused(bool all, bool previews, bool stdin, bool generate, bool off) =>
        Assert.Equal("cli.usage", Assert.ThrowsAny<CliError>(() => new ProtectCommand.Wish(all, previews, stdin, generate, off).Check()).Code);
}

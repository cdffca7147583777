using Slipway.Cli.Commands;
using Slipway.Client;

namespace Slipway.Cli.Tests;

public sealed class HealthCommandTests
{
    [Fact]
    public void It_says_in_words_how_an_instance_is_asked() => Assert.Equal(
    [
        "a new instance of shop is up (its own setting):",
        "  when GET /healthz answers 200,204 within 5 s",
        "  which may take it 90 s; it is asked at least every 0.5 s",
    ], HealthCommand.Lines("shop", new HealthView("/healthz", "200,204", 5, 90, 0.5, true)));
}

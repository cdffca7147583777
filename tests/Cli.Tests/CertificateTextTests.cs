using Slipway.Cli.Commands;
using Slipway.Client;

namespace Slipway.Cli.Tests;

public sealed class CertificateTextTests
{
    private static readonly DateTimeOffset At = new(2026, 12, 1, 9, 30, 0, TimeSpan.Zero);
    private static readonly FailureView Refused = new("certificate.not_proved", "ca.example did not get the answer that proves shop.test: 403", null, null, "see that port 80 is open from outside");

    [Fact]
    public void Each_state_is_told_in_words()
    {
        Assert.Equal("none", Told("none"));
        Assert.Equal("asked for", Told("asked"));
        Assert.Equal("from a file, until 2026-12-01", Told("file", until: At));
        Assert.Equal("valid until 2026-12-01", Told("valid", until: At));
        Assert.Equal("valid until 2026-12-01, not renewed; again at 2026-12-01 09:30 UTC", Told("valid", until: At, failure: Refused, again: At));
        Assert.Equal("waits for its turn, until 2026-12-01 09:30 UTC", Told("waiting", again: At));
        Assert.Equal("failed; again at 2026-12-01 09:30 UTC", Told("failed", failure: Refused, again: At));

        static string Told(string state, DateTimeOffset? until = null, FailureView? failure = null, DateTimeOffset? again = null) => CertificateText.Of(new CertificateView("shop.test", state, until, failure, again, null));
    }

    [Fact]
    public void What_helps_against_the_same_trouble_is_told_once() => Assert.Equal(
    [
        "ca.example did not get the answer that proves shop.test: 403", "another", "  see that port 80 is open from outside", "a third", "  wait",
    ], CertificateText.Troubles(
    [
        null, Of("a.test", null), Of("shop.test", Refused), Of("c.test", Refused with { Message = "a third", Hint = "wait" }), Of("d.test", Refused with { Message = "another" }),
    ]));

    private static CertificateView Of(string host, FailureView? failure) => new(host, failure is null ? "valid" : "failed", null, failure, null, null);
}

using Slipway.Acme;
using Slipway.Core.Certificates;

namespace Contract.Tests.Certificates;

/// <summary>What lego 4.9.1 printed, by what was wrong.</summary>
public class LegoWordsTests
{
    private static readonly AcmeOptions Options = new() { Email = "you@example.com", DnsProvider = "httpreq" };

    [Theory]
    [InlineData("[shop.test] acme: error: 403 :: urn:ietf:params:acme:error:unauthorized :: The key authorization file from the server did not match", CertificateFailures.NotProved, "did not match")]
    [InlineData("[shop.test] acme: error: 400 :: urn:ietf:params:acme:error:connection :: Get \"http://shop.test/\": could not resolve URL", CertificateFailures.NotProved, "could not resolve URL")]
    [InlineData("acme: error: 429 :: POST :: https://ca.test/new-order :: urn:ietf:params:acme:error:rateLimited :: too many certificates already issued", CertificateFailures.TooOften, "already issued")]
    [InlineData("acme: error: 400 :: POST :: https://ca.test/new-order :: urn:ietf:params:acme:error:rejectedIdentifier :: Policy forbids issuing for the name", CertificateFailures.Refused, "Policy forbids")]
    [InlineData("acme: error: 400 :: POST :: https://ca.test/new-order :: urn:ietf:params:acme:error:accountDoesNotExist :: unable to find account", CertificateFailures.Refused, "does not know this account")]
    [InlineData("2026/11/26 22:22:59 Could not create client: get directory at 'https://ca.test/dir': Get \"https://ca.test/dir\": dial tcp 127.0.0.1:1: connect: connection refused", CertificateFailures.AuthorityAway, "connection refused")]
    [InlineData("2026/11/26 22:22:59 Could not create client: get directory at 'https://ca.test/dir': Get \"https://ca.test/dir\": x509: certificate signed by unknown authority", CertificateFailures.AuthorityAway, "is not trusted")]
    [InlineData("2026/11/26 22:22:59 webroot path does not exist", CertificateFailures.Refused, "webroot path does not exist")]
    [InlineData("", CertificateFailures.Refused, "it said nothing")]
    public void It_is_said_whose_fault_it_is(string printed, string code, string said)
    {
        var failure = LegoWords.ToFailure("shop.test", $"2026/11/26 22:23:47 Could not obtain certificates:\n\terror: one or more domains had a problem:\n{printed}\n".TrimStart('\n'), Options);
        if (printed.Length == 0) failure = LegoWords.ToFailure("shop.test", "", Options);
        Assert.Equal(code, failure.Code);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.Hint);
        Assert.DoesNotContain("2026/11/26", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_provider_s_own_trouble_names_the_provider()
    {
        var failure = LegoWords.ToFailure("*.apps.test", "2026/11/26 22:23:54 httpreq: some credentials information are missing: HTTPREQ_ENDPOINT", Options);
        Assert.Equal((CertificateFailures.Dns, "the DNS provider 'httpreq' did not do it: httpreq: some credentials information are missing: HTTPREQ_ENDPOINT"), (failure.Code, failure.Message));
    }

    [Fact]
    public void A_long_story_is_cut() =>
        Assert.True(LegoWords.ToFailure("shop.test", $"acme: error: 403 :: urn:ietf:params:acme:error:unauthorized :: {new string('x', 5000)}", Options).Message.Length < 600);
}

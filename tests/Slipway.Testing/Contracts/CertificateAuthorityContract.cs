using System.Security.Cryptography.X509Certificates;
using Slipway.Core.Certificates;

namespace Slipway.Testing.Contracts;

/// <summary>One authority and the little world in which it asks.</summary>
public abstract class CertificateAuthorityHarness : IAsyncDisposable
{
    public abstract ICertificateAuthority Authority { get; }

    /// <summary>The authority answers no more.</summary>
    public abstract Task StopAsync();

    /// <summary>A name whose proof is not found.</summary>
    public abstract string Stranger { get; }

    public abstract ValueTask DisposeAsync();
}

public abstract class CertificateAuthorityContract
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract Task<CertificateAuthorityHarness> StartAsync();

    [Fact]
    public async Task A_certificate_comes_whole_with_its_key_or_a_reason_in_words()
    {
        await using var world = await StartAsync();
        foreach (var name in new[] { "shop.example.test", "*.apps.example.test" })
        {
            var got = await world.Authority.ObtainAsync(name, Ct);
            Assert.True(got.Failure is null, got.Failure?.ToString());
            using var certificate = X509Certificate2.CreateFromPem(got.Value.Reveal(), got.Value.Reveal());
            Assert.True(certificate.HasPrivateKey);
            Assert.Equal([name], certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
        }

        // Again, as for a renewal.
        var (first, second) = (await world.Authority.ObtainAsync("shop.example.test", Ct), await world.Authority.ObtainAsync("shop.example.test", Ct));
        Assert.NotEqual(first.Value.Reveal(), second.Value.Reveal());

        var refused = await world.Authority.ObtainAsync(world.Stranger, Ct);
        Assert.Equal(CertificateFailures.NotProved, refused.Failure?.Code);
        Assert.Contains(world.Stranger, refused.Failure?.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.Failure?.Hint);

        await world.StopAsync();
        Assert.Equal(CertificateFailures.AuthorityAway, (await world.Authority.ObtainAsync("shop.example.test", Ct)).Failure?.Code);
    }
}

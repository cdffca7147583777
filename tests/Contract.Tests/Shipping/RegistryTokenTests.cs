using Microsoft.Extensions.Options;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Registry;
using Slipway.Testing.Hosting;

namespace Slipway.Contract.Tests.Shipping;

/// <summary>A real registry that wants tokens, as the hosted ones do.</summary>
[Trait("needs", "engine")]
public sealed class RegistryTokenTests : IAsyncLifetime
{
    private TokenServer? _tokens;
    private RegistryServer? _registry;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RegistryServer.IsInstalled, "docker-registry is not installed.");
        _tokens = await TokenServer.StartAsync();
        _registry = await RegistryServer.StartAsync(_tokens.Auth);
    }

    public async ValueTask DisposeAsync()
    {
        if (_registry is not null) await _registry.DisposeAsync();
        if (_tokens is not null) await _tokens.DisposeAsync();
    }

    [Fact]
    public async Task Token_is_fetched_for_each_scope_with_the_password()
    {
        using var client = Client(_registry!.PasswordFile);
        await client.CheckAsync(Ct);
        Assert.Null(await client.ManifestAsync("slipway-0123abcd/app", "one", Ct));
        Assert.Empty(await client.RepositoriesAsync("slipway-0123abcd/", Ct));
        Assert.True(await client.DeleteAsync("slipway-0123abcd/app", $"sha256:{new string('0', 64)}", Ct));
    }

    [Fact]
    public async Task Without_the_right_password_there_is_none()
    {
        var wrong = Path.GetTempFileName();
        await File.WriteAllTextAsync(wrong, "another");
        using var client = Client(wrong);
        var refused = await Assert.ThrowsAsync<RegistryRefusedException>(() => client.ManifestAsync("slipway-0123abcd/app", "one", Ct));
        Assert.Equal("ship.denied", refused.Failure.Code);
        File.Delete(wrong);
    }

    private RegistryClient Client(string passwordFile)
    {
        var options = new RegistryOptions { Address = _registry!.Address, Username = RegistryServer.Username, PasswordFile = passwordFile };
        return new RegistryClient(RegistrySetup.Http(options), Options.Create(options));
    }
}

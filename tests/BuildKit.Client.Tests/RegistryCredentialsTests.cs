using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BuildKit.Client.Tests;

/// <summary>A registry that asks for a user, on loopback, where an Engine speaks plain HTTP.</summary>
[Trait("needs", "engine")]
public sealed class RegistryCredentialsTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _users = new();
    private readonly BuildKitClient _client = new(BuildKitEndpoint.DockerEngine());
    private WebApplication? _registry;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Host => new Uri(_registry?.Urls.First() ?? "").Authority;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _registry = builder.Build();
        _registry.Run(context =>
        {
            if (context.Request.Headers.Authorization is [{ } user, ..]) _users.Enqueue(user);
            else context.Response.Headers.WWWAuthenticate = "Basic realm=\"test\"";
            context.Response.StatusCode = context.Request.Headers.Authorization.Count > 0 ? StatusCodes.Status404NotFound : StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        await _registry.StartAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        if (_registry is not null) await _registry.DisposeAsync();
    }

    [Fact]
    public async Task A_registry_gets_the_credentials_of_its_host_and_no_message_has_them()
    {
        var failure = await FailAsync(new() { [Host] = new("robot", "open sesame"), ["elsewhere.test"] = new("other", "other") });

        Assert.Contains($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("robot:open sesame"))}", _users);
        Assert.DoesNotContain("sesame", failure.ToString(), StringComparison.Ordinal);
        Assert.Single(_users.Distinct());
    }

    [Fact]
    public async Task Another_registrys_credentials_are_not_given_away()
    {
        await FailAsync(new() { ["elsewhere.test"] = new("other", "other") });
        Assert.Empty(_users);
    }

    private Task<BuildKitSolveException> FailAsync(Dictionary<string, RegistryCredentials> registries) => Assert.ThrowsAsync<BuildKitSolveException>(() => _client.BuildAsync(
        new()
        {
            Context = MemoryContext.Dockerfile(""),
            Dockerfile = MemoryContext.Dockerfile($"FROM {Host}/private/base:{Guid.NewGuid():N}\n"),
            SharedKey = Guid.NewGuid().ToString("N"),
            Registries = registries,
        },
        null, Ct));
}

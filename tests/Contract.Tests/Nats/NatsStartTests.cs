using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using NATS.Client.JetStream.Models;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Queueing;
using Slipway.Core.Tenancy;
using Slipway.Nats;
using Slipway.Testing.BuildKit;
using Slipway.Testing.InMemory;
using Slipway.Testing.Nats;

namespace Contract.Tests.Nats;

/// <summary>What is wrong with the server or the settings is told at start, with the setting's name; nothing starts half.</summary>
public sealed class NatsStartTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_password_names_the_setting()
    {
        await using var server = await NatsServer.StartAsync(NatsAccess.Users);
        var options = NatsUsersTests.OptionsOf(server, "worker");
        options.PasswordFile = server.PasswordFile("control");
        Assert.Contains("does not let us in; check Slipway:Nats:Username and PasswordFile", await RefusedAsync(options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_authority_names_the_setting()
    {
        await using var server = await NatsServer.StartAsync(NatsAccess.Users);
        using var other = new TestAuthority("other");
        var options = NatsUsersTests.OptionsOf(server, "worker");
        options.AuthorityFile = other.RootFile;
        Assert.Contains("Slipway:Nats:AuthorityFile", await RefusedAsync(options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_certificate_is_not_trusted()
    {
        await using var server = await NatsServer.StartAsync(NatsAccess.Users);
        await server.KillAsync();
        using var expired = Expired(server.Authority);
        await server.PresentAsync(expired);
        await server.ResumeAsync();
        Assert.Contains("until when", await RefusedAsync(NatsUsersTests.OptionsOf(server, "worker")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_certificate_of_ours_the_server_refuses()
    {
        await using var server = await NatsServer.StartAsync(NatsAccess.Users);
        var options = NatsUsersTests.OptionsOf(server, "worker");
        (options.CertificateFile, options.KeyFile) = ("", "");
        Assert.Contains("Slipway:Nats:", await RefusedAsync(options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_opens_and_a_wrong_one_does_not()
    {
        await using var server = await NatsServer.StartAsync(NatsAccess.Token);
        var options = NatsStore.Options(server);
        options.TokenFile = server.TokenFile;
        await (await NatsStore.OpenAsync(options)).DisposeAsync();
        var wrong = Path.GetTempFileName();
        await File.WriteAllTextAsync(wrong, "another", Ct);
        options.TokenFile = wrong;
        Assert.Contains("check Slipway:Nats:TokenFile", await RefusedAsync(options), StringComparison.Ordinal);
        File.Delete(wrong);
    }

    [Fact]
    public async Task An_nkey_opens_and_another_does_not()
    {
        await using var server = await NatsServer.StartAsync(NatsAccess.Key);
        await using var other = await NatsServer.StartAsync(NatsAccess.Key);
        var options = NatsStore.Options(server);
        options.SeedFile = server.SeedFile;
        await (await NatsStore.OpenAsync(options)).DisposeAsync();
        options.SeedFile = other.SeedFile;
        Assert.Contains("check Slipway:Nats:SeedFile", await RefusedAsync(options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_addresses_one_that_answers_is_enough()
    {
        var options = NatsStore.Options(await SharedNats.ServerAsync());
        options.Url = $"nats://127.0.0.1:9,{options.Url}";
        await using var link = await NatsStore.OpenAsync(options);
        await StreamPlan.MakeAsync(link, options, TimeSpan.FromSeconds(5), Ct);
    }

    [Fact]
    public async Task A_server_without_JetStream_is_told_how_to_have_it()
    {
        await using var server = await NatsServer.StartAsync(jetStream: null);
        Assert.Contains("-js", await RefusedAsync(NatsStore.Options(server)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told() =>
        Assert.Contains("cannot be reached", await RefusedAsync(new NatsOptions { Url = "nats://127.0.0.1:9" }), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://127.0.0.1", "Slipway:Nats:Url")]
    [InlineData("nats://me:secret@127.0.0.1", "Slipway:Nats:Username")]
    public void An_address_that_cannot_be_one_is_refused(string url, string setting) => Assert.Contains(setting, new NatsOptions { Url = url }.Fault(), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_is_named() => Assert.Contains("Slipway:Nats:TokenFile /no/such", new NatsOptions { Url = "nats://h:1", TokenFile = "/no/such" }.Fault(), StringComparison.Ordinal);

    [Fact]
    public async Task A_stream_with_other_settings_is_left_alone_and_told()
    {
        var options = NatsStore.Options(await SharedNats.ServerAsync());
        await using var link = await NatsStore.OpenAsync(options);
        await link.JetStream.CreateStreamAsync(new StreamConfig($"{options.Prefix}-jobs", [$"{options.Prefix}.jobs.>"]), Ct);
        var refused = await Assert.ThrowsAsync<NatsStartException>(() => StreamPlan.MakeAsync(link, options, TimeSpan.FromSeconds(5), Ct));
        Assert.Contains($"nats stream rm {options.Prefix}-jobs", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_consumer_with_a_list_of_backoffs_is_refused_for_it_overrides_the_wait()
    {
        var options = NatsStore.Options(await SharedNats.ServerAsync());
        await using var link = await NatsStore.OpenAsync(options);
        await StreamPlan.MakeAsync(link, options, TimeSpan.FromSeconds(5), Ct);
        await link.JetStream.DeleteConsumerAsync($"{options.Prefix}-jobs", StreamPlan.Workers, Ct);
        await link.JetStream.CreateOrUpdateConsumerAsync($"{options.Prefix}-jobs", new ConsumerConfig(StreamPlan.Workers) { MaxDeliver = 5, Backoff = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)] }, Ct);
        var refused = await Assert.ThrowsAsync<NatsStartException>(() => StreamPlan.MakeAsync(link, options, TimeSpan.FromSeconds(5), Ct));
        Assert.Contains("nats consumer rm", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Made_twice_nothing_changes_and_a_size_is_taken_over()
    {
        var options = NatsStore.Options(await SharedNats.ServerAsync());
        await using var link = await NatsStore.OpenAsync(options);
        await StreamPlan.MakeAsync(link, options, TimeSpan.FromSeconds(5), Ct);
        options.MaxLogBytes = 1 << 20;
        await StreamPlan.MakeAsync(link, options, TimeSpan.FromSeconds(7), Ct);
        Assert.Equal(1 << 20, (await link.JetStream.GetStreamAsync($"{options.Prefix}-logs", cancellationToken: Ct)).Info.Config.MaxBytes);
        Assert.Equal(TimeSpan.FromSeconds(7), (await link.JetStream.GetConsumerAsync($"{options.Prefix}-jobs", StreamPlan.Workers, Ct)).Info.Config.AckWait);
    }

    [Fact]
    public async Task What_the_embedded_queue_gave_up_is_taken_over()
    {
        var store = new InMemoryStore(TimeProvider.System);
        var job = new Job(StrongId.New<DeploymentId>(TimeProvider.System));
        await store.Queue.EnqueueAsync(job, Ct);
        await store.Queue.BuryAsync(await store.Queue.LeaseAsync("w", TimeSpan.FromSeconds(5), Ct), "poison", Ct);
        var options = NatsStore.Options(await SharedNats.ServerAsync());
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton<IDeploymentStore>(store.Deployments)
            .AddSingleton<IWorkQueue>(_ => store.Queue).AddSingleton<IDeadLetters>(_ => store.Queue)
            .AddNatsControl("1", "00000000", new Secret("key"), TimeSpan.FromSeconds(5), o => (o.Url, o.Prefix) = (options.Url, options.Prefix)).BuildServiceProvider();
        await services.GetRequiredService<NatsStart>().ControlAsync(Ct);

        using var system = TeamScope.EnterSystem();
        var letter = Assert.Single(await services.GetRequiredService<IDeadLetters>().ListAsync(Ct));
        Assert.Equal((job, "poison"), (letter.Job, letter.Reason));
        Assert.Empty(await store.Queue.ListAsync(Ct));
    }

    [Fact]
    public async Task A_JetStream_that_is_too_small_is_told()
    {
        await using var server = await NatsServer.StartAsync(jetStream: "max_file_store: 1000000");
        var options = NatsStore.Options(server);
        await using var link = await NatsStore.OpenAsync(options);
        var refused = await Assert.ThrowsAsync<NatsStartException>(() => StreamPlan.MakeAsync(link, options, TimeSpan.FromSeconds(5), Ct));
        Assert.Contains("jetstream limits", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string> RefusedAsync(NatsOptions options) => (await Assert.ThrowsAsync<NatsStartException>(() => NatsStore.OpenAsync(options))).Message;

    private static X509Certificate2 Expired(TestAuthority authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority.Root, authority.Root.NotBefore, TimeProvider.System.GetUtcNow().AddMinutes(-5), RandomNumberGenerator.GetBytes(16));
        return signed.CopyWithPrivateKey(key);
    }
}

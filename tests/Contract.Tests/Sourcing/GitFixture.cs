using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Git;
using Slipway.Testing.Contracts;
using Slipway.Testing.Sourcing;

namespace Contract.Tests.Sourcing;

/// <summary>The real fetcher, a real git server on loopback, and a folder of uploads.</summary>
internal sealed class GitFixture : SourceHarness
{
    private readonly ServiceProvider _services;
    private readonly TaskCompletionSource _never = new();
    private readonly string _root = Directory.CreateTempSubdirectory("slipway-sources-").FullName;

    private GitFixture(GitServer server, Action<SourceOptions>? configure, string? token)
    {
        Server = server;
        Directory.CreateDirectory(Uploads);
        Directory.CreateDirectory(Work);
        var services = new ServiceCollection();
        if (token is not null) services.AddSingleton<IGitCredentials>(new OneToken(new Secret(token)));
        services.AddSources(o =>
        {
            o.AllowPrivate.Add(server.Host);
            o.UploadsDirectory = Uploads;
            configure?.Invoke(o);
        });
        _services = services.BuildServiceProvider();
    }

    public GitServer Server { get; }

    public RecordedOutput Output { get; } = new();

    public string Work => Path.Combine(_root, "work");

    public string Uploads => Path.Combine(_root, "uploads");

    public override ISourceFetcher Fetcher => _services.GetRequiredService<ISourceFetcher>();

    public static async Task<GitFixture> StartAsync(Action<SourceOptions>? configure = null, string? token = null) => new(await GitServer.StartAsync(), configure, token);

    public override string Url(string repository) => Server.Url(repository);

    public override async Task<string> CommitAsync(string repository, IReadOnlyDictionary<string, string> files, string message, string branch = "main") =>
        await (await Server.RepositoryAsync(repository)).CommitAsync(files, message, branch);

    public override async Task RemoveBranchAsync(string repository, string branch) => await (await Server.RepositoryAsync(repository)).RemoveBranchAsync(branch);

    public override async Task TagAsync(string repository, string tag, string commit) => await (await Server.RepositoryAsync(repository)).TagAsync(tag, commit);

    public override Task<UploadId> UploadAsync(IReadOnlyDictionary<string, string> files) => UploadAsync(TarGz.Of(files));

    public async Task<UploadId> UploadAsync(byte[] archive)
    {
        var id = new UploadId(Guid.NewGuid());
        await File.WriteAllBytesAsync(Path.Combine(Uploads, $"{id}.tar.gz"), archive);
        return id;
    }

    public override void FallSilent() => Server.Instead = context => _never.Task.WaitAsync(context.RequestAborted);

    public Task<Outcome<SourceSnapshot>> FetchAsync(string repository, string? reference = null) =>
        FetchAsync(new SourceRef { Kind = SourceKind.Git, Url = Url(repository), Ref = reference });

    public Task<Outcome<SourceSnapshot>> FetchAsync(SourceRef source) => Fetcher.FetchAsync(source, Work, Output, CancellationToken.None);

    public async Task<Outcome<SourceSnapshot>> UnpackAsync(byte[] archive) => await FetchAsync(new SourceRef { Kind = SourceKind.Upload, Upload = await UploadAsync(archive) });

    /// <summary>The failure, after seeing that nothing was left behind.</summary>
    public Failure Refused(Outcome<SourceSnapshot> fetched)
    {
        Assert.True(fetched.IsFailure(out var failure), "it was fetched");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Work));
        return failure;
    }

    public override async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _services.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private sealed class OneToken(Secret token) : IGitCredentials
    {
        public Task<Secret?> TokenForAsync(GitUrl url, CancellationToken ct) => Task.FromResult<Secret?>(token);
    }
}

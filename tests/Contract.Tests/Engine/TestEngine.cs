using System.Formats.Tar;
using System.Security.Cryptography;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core.Hosting;
using Slipway.Docker;
using Slipway.Docker.Running;
using Slipway.Docker.Shipping;
using Slipway.Host.Cgroups;

namespace Slipway.Contract.Tests.Engine;

/// <summary>
/// This machine's Docker Engine with test homes of its own: images of one static busybox, and everything that the homes made is
/// removed at the end. Nothing of anybody else's is touched.
/// </summary>
public sealed class TestEngine : IAsyncLifetime
{
    private const string Busybox = "/bin/busybox";

    private readonly List<string> _homes = [];
    private readonly List<ServeNetwork> _networks = [];
    private readonly string _base;
    private int _images;

    public TestEngine()
    {
        Home = NewHome();
        _base = new HomeNames(Home).ImagePrefix;
        Client = EngineClient.Connect(new());
    }

    internal IDockerClient Client { get; }

    public string Home { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        // On the machine that decides, a missing part is a failure, never a skip.
        var mustRun = Environment.GetEnvironmentVariable("CI") == "true";
        Assert.SkipUnless(mustRun || File.Exists("/var/run/docker.sock"), "No Docker Engine here.");
        Assert.SkipUnless(mustRun || File.Exists(Busybox), "No static busybox here: apt-get install busybox-static");
        return ValueTask.CompletedTask;
    }

    public string NewHome()
    {
        var home = RandomNumberGenerator.GetHexString(8, lowercase: true);
        _homes.Add(home);
        return home;
    }

    internal static IOptions<DockerOptions> Options(string home) => Microsoft.Extensions.Options.Options.Create(new DockerOptions { HomeId = home });

    /// <param name="freezer">Default: this host's, which is of use to root alone.</param>
    internal DockerRuntime Runtime(string home, IFreezer? freezer = null)
    {
        var network = new ServeNetwork(Client, Options(home), NullLogger<ServeNetwork>.Instance);
        _networks.Add(network);
        return new(Client, network, Volumes(home), freezer ?? new CgroupFreezer(CgroupTree.OfHost, TimeProvider.System), Options(home), TimeProvider.System, NullLogger<DockerRuntime>.Instance);
    }

    internal DockerVolumes Volumes(string home) => new(Client, Options(home), TimeProvider.System, NullLogger<DockerVolumes>.Instance);

    internal DockerCommands Commands(string home) => new(Client, Options(home), TimeProvider.System);

    internal EngineImageStore ImageStore(string home) => new(Client, Options(home), TimeProvider.System);

    /// <summary>A name for an image of this test run.</summary>
    public string NewImageName() => $"{_base}image-{Interlocked.Increment(ref _images)}:test";

    /// <summary>Busybox with a folder /www, and these Dockerfile lines.</summary>
    public async Task<string> ImportAsync(string name, params string[] lines)
    {
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            await using var busybox = File.OpenRead(Busybox);
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = (UnixFileMode)0b111_101_101, DataStream = busybox }, Ct);
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, "bin/sh") { LinkName = "busybox" }, Ct);
            await using var page = new MemoryStream([.. "hello\n"u8]);
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "www/index.html") { Mode = (UnixFileMode)0b110_100_100, DataStream = page }, Ct);
        }

        tar.Position = 0;
        var repository = name.Split(':');
        await Client.Images.CreateImageAsync(
            new() { FromSrc = "-", Repo = repository[0], Tag = repository[1], Changes = lines }, tar, null, new Progress<JSONMessage>(), Ct);
        return (await Client.Images.InspectImageAsync(name, Ct)).ID;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var home in _homes)
        {
            var names = new HomeNames(home);
            foreach (var container in await Client.Containers.ListContainersAsync(new() { All = true, Filters = Label(home) }, default))
                await Client.Containers.RemoveContainerAsync(container.ID, new() { Force = true, RemoveVolumes = true }, default);
            await RemoveNetworksAsync(home);
            foreach (var volume in (await Client.Volumes.ListAsync(new() { Filters = Label(home) }, default)).Volumes ?? [])
                await Client.Volumes.RemoveAsync(volume.Name, cancellationToken: default);
            foreach (var image in await Client.Images.ListImagesAsync(new(), default))
                foreach (var name in (image.RepoTags ?? []).Where(name => name.StartsWith(names.ImagePrefix, StringComparison.Ordinal)))
                    await Client.Images.DeleteImageAsync(name, new() { Force = true }, default);
        }

        _networks.ForEach(network => network.Dispose());
        Client.Dispose();
    }

    /// <summary>Those of these homes, which have no containers any more.</summary>
    public async Task RemoveNetworksAsync(params string[] homes)
    {
        foreach (var home in homes)
            foreach (var network in await Client.Networks.ListNetworksAsync(new() { Filters = Label(home) }, default))
                await Client.Networks.DeleteNetworkAsync(network.ID, default);
    }

    private static Dictionary<string, IDictionary<string, bool>> Label(string home) =>
        new() { ["label"] = new Dictionary<string, bool> { [$"{ContainerLabels.Home}={home}"] = true } };
}

using Docker.DotNet;
using Slipway.Docker.BaseImages;
using Slipway.Testing.Hosting;

namespace Slipway.Contract.Tests.BaseImages;

/// <summary>Real images from Debian's and npm's packages. The first run on a machine takes a minute, later ones a second.</summary>
[Trait("needs", "engine")]
public sealed class LocalBaseImagesTests : IDisposable
{
    private readonly string _work = Directory.CreateTempSubdirectory("slipway-base-").FullName;
    private readonly DockerClient _engine = new DockerClientBuilder().WithEndpoint(new("unix:///var/run/docker.sock")).WithTimeout(Timeout.InfiniteTimeSpan).Build();
    private readonly HttpClient _http = new();
    private readonly LocalBaseImages _images;

    public LocalBaseImagesTests()
    {
        Assert.SkipUnless(
            File.Exists("/var/run/docker.sock") || Environment.GetEnvironmentVariable("CI") == "true", "No Docker Engine here.");
        var options = new LocalBaseImageOptions { WorkDirectory = _work, Owner = "test" };
        _images = new(new ImageMaking(_engine, options, TimeProvider.System), _http, options, TimeProvider.System);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_range_becomes_an_image_with_that_node_and_npm()
    {
        var image = await _images.NodeAsync("22", NodeFlavour.Npm, Say, Ct);

        Assert.StartsWith("22.", image.Version, StringComparison.Ordinal);
        Assert.StartsWith($"slipway/node:{image.Version}-", image.Reference, StringComparison.Ordinal);
        Assert.Equal($"v{image.Version}", await OutputOfAsync(image, "node", "-v"));
        Assert.Matches(@"^1\d\.\d+\.\d+$", await OutputOfAsync(image, "npm", "-v"));
    }

    [Fact]
    public async Task The_second_time_nothing_is_made_and_an_exact_version_asks_no_registry()
    {
        var first = await _images.NodeAsync("22", NodeFlavour.Run, Say, Ct);
        var lines = new List<string>();
        using var nowhere = new HttpClient { BaseAddress = new("http://127.0.0.1:9/") };
        var away = new LocalBaseImageOptions { WorkDirectory = _work, Owner = "test", NpmRegistry = new("http://127.0.0.1:9/") };
        var offline = new LocalBaseImages(new ImageMaking(_engine, away, TimeProvider.System), nowhere, away, TimeProvider.System);

        var second = await offline.NodeAsync(first.Version ?? "", NodeFlavour.Run, lines.Add, Ct);
        Assert.Equal(first, second);
        Assert.Empty(lines);

        var withoutRegistry = await offline.NodeAsync("22", NodeFlavour.Run, lines.Add, Ct);
        Assert.Equal(first, withoutRegistry);
        Assert.Contains("does not answer", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_requests_at_once_make_it_once()
    {
        var lines = new List<string>();
        var both = await Task.WhenAll(_images.BunAsync("1", "22", Add, Ct), _images.BunAsync("1", "22", Add, Ct));

        Assert.Equal(both[0], both[1]);
        Assert.Equal(both[0].Version, await OutputOfAsync(both[0], "bun", "--version"));
        Assert.True(lines.Count(line => line.StartsWith("making slipway/bun:", StringComparison.Ordinal)) <= 1);

        void Add(string line)
        {
            lock (lines) lines.Add(line);
        }
    }

    [Fact]
    public async Task A_name_in_a_Dockerfile_is_given_to_what_it_means()
    {
        var debian = await _images.NamedAsync("slipway/debian:bookworm", Say, Ct);

        Assert.NotNull(debian);
        Assert.Equal(debian.EngineId, (await _engine.Images.InspectImageAsync("slipway/debian:bookworm", Ct)).ID);
        Assert.Null(await _images.NamedAsync("debian:bookworm", Say, Ct));
    }

    [Fact]
    public async Task A_version_that_nobody_published_is_said_so()
    {
        var thrown = await Assert.ThrowsAsync<VersionNotPublishedException>(() => _images.NodeAsync("^1.5", NodeFlavour.Run, Say, Ct));
        Assert.Contains("^1.5", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_making_leaves_no_image_no_container_and_no_file()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _images.NodeAsync("20.9.0", NodeFlavour.Run, CancelWhenFetching, cancel.Token));

        var filters = new Dictionary<string, IDictionary<string, bool>> { ["name"] = new Dictionary<string, bool> { ["slipway-making-test-"] = true } };
        Assert.Empty(await _engine.Containers.ListContainersAsync(new() { All = true, Filters = filters }, Ct));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_work));

        void CancelWhenFetching(string line)
        {
            if (line.StartsWith("fetching slipway/node-run", StringComparison.Ordinal)) cancel.Cancel();
        }
    }

    [Fact, Trait("speed", "slow")]
    public async Task The_build_flavour_can_compile_a_native_module()
    {
        var image = await _images.NodeAsync("22", NodeFlavour.Build, Say, Ct);

        Assert.StartsWith("g++", await OutputOfAsync(image, "g++", "--version"), StringComparison.Ordinal);
        Assert.StartsWith("git", await OutputOfAsync(image, "git", "--version"), StringComparison.Ordinal);
        Assert.Equal("/usr/local/include/node/node_api.h", await OutputOfAsync(image, "ls", "/usr/local/include/node/node_api.h"));
    }

    [Fact]
    public async Task Nothing_stays_in_the_work_folder()
    {
        await _images.NodeAsync("22", NodeFlavour.Npm, Say, Ct);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_work));
    }

    [Fact]
    public async Task A_folder_becomes_the_static_servers_image_under_the_digest_of_its_content()
    {
        var root = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"slipway-root-{Guid.NewGuid():N}"));
        try
        {
            await File.WriteAllTextAsync(Path.Combine(root.FullName, "slipway-static"), "not a program", Ct);
            var image = await _images.StaticAsync(root.FullName, Say, Ct);
            var again = await _images.StaticAsync(root.FullName, Say, Ct);

            Assert.Equal(image, again);
            Assert.Equal("65534:65534", (await _engine.Images.InspectImageAsync(image.Reference, Ct)).Config?.User);
            await _engine.Images.DeleteImageAsync(image.Reference, new(), Ct);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact, Trait("speed", "slow")]
    public async Task The_static_server_runs_on_the_few_files_of_its_image()
    {
        var image = await _images.StaticFromCheckoutAsync(Checkout(), Path.Combine(Path.GetTempPath(), "slipway-tests-static", "root"), Say, Ct);
        var tar = Path.Combine(_work, "site.tar");
        await using (var layer = new LayerTar(tar))
            await layer.AddFolderAsync(Path.Combine(Checkout(), "examples", "static"), "", Ct);

        var container = (await _engine.Containers.CreateContainerAsync(
            new() { Image = image.Reference, HostConfig = new() { Memory = 64 * 1024 * 1024 } }, Ct)).ID;
        try
        {
            await using (var content = File.OpenRead(tar))
                await _engine.Containers.ExtractArchiveToContainerAsync(container, new() { Path = "/site" }, content, Ct);
            await _engine.Containers.StartContainerAsync(container, new(), Ct);
            var address = (await _engine.Containers.InspectContainerAsync(container, Ct)).NetworkSettings?.Networks?.Values.Single().IPAddress;

            Assert.Contains("without its ending", await AnswerAsync(new($"http://{address}:3000/about")), StringComparison.Ordinal);
        }
        finally
        {
            await _engine.Containers.RemoveContainerAsync(container, new() { Force = true }, CancellationToken.None);
            File.Delete(tar);
        }
    }

    public void Dispose()
    {
        _engine.Dispose();
        _http.Dispose();
        Directory.Delete(_work, recursive: true);
    }

    private static void Say(string line) => TestContext.Current.SendDiagnosticMessage(line);

    private static string Checkout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Slipway.slnx"))) return folder.FullName;
        throw new InvalidOperationException("The tests do not run from a checkout.");
    }

    /// <summary>The server listens some tens of milliseconds after its container started.</summary>
    private async Task<string> AnswerAsync(Uri address)
    {
        await Looking.ListensAsync(address, TimeSpan.FromSeconds(10));
        return await _http.GetStringAsync(address, Ct);
    }

    private async Task<string> OutputOfAsync(BaseImage image, params string[] command)
    {
        var container = (await _engine.Containers.CreateContainerAsync(
            new() { Image = image.Reference, Cmd = command, HostConfig = new() { NetworkMode = "none" } }, Ct)).ID;
        try
        {
            await _engine.Containers.StartContainerAsync(container, new(), Ct);
            await _engine.Containers.WaitContainerAsync(container, Ct);
            using var logs = await _engine.Containers.GetContainerLogsAsync(container, new() { ShowStdout = true, ShowStderr = true }, Ct);
            var (output, errors) = await logs.ReadOutputToEndAsync(Ct);
            return (output + errors).Trim();
        }
        finally
        {
            await _engine.Containers.RemoveContainerAsync(container, new() { Force = true }, CancellationToken.None);
        }
    }
}

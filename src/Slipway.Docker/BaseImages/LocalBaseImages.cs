namespace Slipway.Docker.BaseImages;

/// <summary>
/// Base images made on this machine, from Debian's packages and npm's alone, each once:
/// <code>
/// slipway/debian ─┬─ slipway/node-run ─── slipway/node (npm) ─┬─ slipway/bun ─── slipway/bun-official
///                 │                                           └─ slipway/node-official-slim
///                 └─ slipway/debian-build ─── slipway/node-build (npm, headers) ─── slipway/node-official
/// slipway/static
/// </code>
/// Every name carries the digest of its inputs. An engine that does not answer, a missing tool or a network that is away is an
/// exception; a version that nobody published is a <see cref="VersionNotPublishedException"/>.
/// </summary>
internal sealed class LocalBaseImages(ImageMaking making, HttpClient http, LocalBaseImageOptions options, TimeProvider time)
{
    private const string DefaultNode = "22";
    private const string SearchPath = "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static readonly TimeSpan BootstrapTimeout = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromMinutes(15);
    private static readonly string[] BuildPackages = ["g++", "git", "make", "pkg-config", "python3"];
    private static readonly ImageTag DebianBuildTag = ImageTag.Of("slipway/debian-build", DebianBootstrap.Suite, ["debian-build/1", $"{DebianBootstrap.Tag}", .. BuildPackages]);

    private readonly EngineImages _images = making.Images;
    private readonly NpmRegistry _npm = new(http, options.NpmRegistry, time);

    public Task<BaseImage> DebianAsync(Action<string> progress, CancellationToken ct) =>
        making.EnsureAsync(DebianBootstrap.Tag, null, progress, async scratch =>
        {
            var tar = scratch.File("debian.tar");
            await Deadline.WithinAsync(BootstrapTimeout, "Fetching Debian", time, token =>
                DebianBootstrap.WriteTarAsync(tar, scratch.FullPath, progress, token), ct);
            await _images.ImportAsync(DebianBootstrap.Tag, tar, [SearchPath, "ENV LANG=C.UTF-8", "CMD [\"bash\"]"], ct);
        }, ct);

    /// <summary>Debian with git, python3 and a C++ compiler: made only when asked for, it is large.</summary>
    public Task<BaseImage> DebianBuildAsync(Action<string> progress, CancellationToken ct) =>
        making.EnsureAsync(DebianBuildTag, null, progress, async _ =>
        {
            var debian = await DebianAsync(progress, ct);
            IList<string>[] commands =
            [
                ["apt-get", "update", "-qq"],
                ["apt-get", "install", "-qq", "-y", "--no-install-recommends", .. BuildPackages],
                ["apt-get", "clean"],
                ["rm", "-rf", "/var/lib/apt/lists"],
            ];
            await _images.CommandsAsync(debian, DebianBuildTag, commands, [], progress, ct);
        }, ct);

    /// <summary>The newest published Node that the range allows.</summary>
    public async Task<BaseImage> NodeAsync(string range, NodeFlavour flavour, Action<string> progress, CancellationToken ct)
    {
        var node = await ResolveAsync(NodeRecipe.NodePackage, range, NodeRecipe.Repository(flavour), progress, ct);
        return await NodeAsync(node, flavour, progress, ct);
    }

    /// <summary>bun with Node beside it: Next.js and many build scripts call node whatever installs the packages.</summary>
    public async Task<BaseImage> BunAsync(string bunRange, string nodeRange, Action<string> progress, CancellationToken ct)
    {
        var bun = await ResolveAsync(NodeRecipe.BunPackage, bunRange, "slipway/bun", progress, ct);
        var node = await ResolveAsync(NodeRecipe.NodePackage, nodeRange, NodeRecipe.Repository(NodeFlavour.Npm), progress, ct);
        var tag = NodeRecipe.BunTag(bun, node, NodeRecipe.NodeTag(NodeFlavour.Npm, node, DebianBootstrap.Tag));
        return await making.EnsureAsync(tag, $"{bun}", progress, async scratch =>
        {
            var parent = await NodeAsync(node, NodeFlavour.Npm, progress, ct);
            progress($"fetching bun {bun}");
            await making.LayerAsync(parent, tag, [], scratch, async layer =>
            {
                await layer.AddPackageAsync(await _npm.DownloadAsync(NodeRecipe.BunPackage, $"{bun}", scratch.FullPath, ct), NodeRecipe.PlaceBun, ct);
                await layer.AddLinkAsync("usr/local/bin/bunx", "bun", ct);
            }, ct);
        }, ct);
    }

    /// <summary>The static server's image from the root file system that <c>eng/publish-static</c> wrote.</summary>
    public async Task<BaseImage> StaticAsync(string rootDirectory, Action<string> progress, CancellationToken ct)
    {
        var tag = ImageTag.Of("slipway/static", "1", ["static/1", await FolderDigest.ComputeAsync(rootDirectory, ct)]);
        return await making.EnsureAsync(tag, null, progress, async scratch =>
        {
            var tar = scratch.File("static.tar");
            await using (var layer = new LayerTar(tar))
                await layer.AddFolderAsync(rootDirectory, "", ct);
            await _images.ImportAsync(tag, tar, ["ENV SLIPWAY_SITE=/site PORT=3000", "USER 65534:65534", "EXPOSE 3000", "ENTRYPOINT [\"/slipway-static\"]"], ct);
        }, ct);
    }

    /// <summary>The same from a checkout: publishes first, which does nothing when nothing changed.</summary>
    public async Task<BaseImage> StaticFromCheckoutAsync(string checkout, string outputDirectory, Action<string> progress, CancellationToken ct)
    {
        await Deadline.WithinAsync(PublishTimeout, "Publishing the static server", time, token =>
            HostCommand.RunAsync(Path.Combine(checkout, "eng", "publish-static"), [outputDirectory], new Dictionary<string, string>(), progress, token), ct);
        return await StaticAsync(outputDirectory, progress, ct);
    }

    /// <summary>
    /// Makes what a person's Dockerfile names, and gives it that name: <c>slipway/debian:bookworm</c>, <c>slipway/debian-build</c>,
    /// <c>slipway/node:22</c>, <c>slipway/node-run:22</c>, <c>slipway/node-build:22</c>, <c>slipway/bun:1</c>. Null for any other name.
    /// </summary>
    public async Task<BaseImage?> NamedAsync(string reference, Action<string> progress, CancellationToken ct)
    {
        var colon = reference.IndexOf(':', StringComparison.Ordinal);
        var (repository, label) = colon < 0 ? (reference, "latest") : (reference[..colon], reference[(colon + 1)..]);

        // A name with a digest is one that we gave; it is there or it is not.
        if (label.Contains('-', StringComparison.Ordinal))
            return await _images.FindAsync(reference, ct) is { } id ? new(reference, id) : null;

        var range = label == "latest" ? null : label;
        var isDebian = range is null or DebianBootstrap.Suite;
        var image = repository switch
        {
            "slipway/debian" when isDebian => await DebianAsync(progress, ct),
            "slipway/debian-build" when isDebian => await DebianBuildAsync(progress, ct),
            "slipway/node" => await NodeAsync(range ?? DefaultNode, NodeFlavour.Npm, progress, ct),
            "slipway/node-run" => await NodeAsync(range ?? DefaultNode, NodeFlavour.Run, progress, ct),
            "slipway/node-build" => await NodeAsync(range ?? DefaultNode, NodeFlavour.Build, progress, ct),
            "slipway/bun" => await BunAsync(range ?? "*", DefaultNode, progress, ct),
            _ => null,
        };
        if (image is not null) await _images.TagAsync(image.Reference, new(repository, label), ct);
        return image;
    }

    /// <summary>In place of <c>oven/bun</c>.</summary>
    public async Task<BaseImage> OfficialBunAsync(string range, Action<string> progress, CancellationToken ct)
    {
        var parent = await BunAsync(range, DefaultNode, progress, ct);
        var tag = NodeRecipe.OfficialBunTag(ImageTag.Parse(parent.Reference));
        return await making.EnsureAsync(tag, parent.Version, progress, _ => _images.CommandsAsync(parent, tag, NodeRecipe.AddUser("bun"), [], progress, ct), ct);
    }

    /// <summary>In place of <c>node</c> and <c>node:…-slim</c>.</summary>
    private async Task<BaseImage> OfficialNodeAsync(ReleaseVersion node, NodeFlavour flavour, Action<string> progress, CancellationToken ct)
    {
        var parent = await NodeAsync(node, flavour == NodeFlavour.Official ? NodeFlavour.Build : NodeFlavour.Npm, progress, ct);
        var tag = NodeRecipe.OfficialTag(flavour, node, ImageTag.Parse(parent.Reference));
        return await making.EnsureAsync(tag, $"{node}", progress, scratch => making.LayerAsync(parent, tag, ["CMD [\"node\"]"], scratch, async layer =>
        {
            (string Package, string Version, (string Name, string File)[] Programs)[] tools =
            [
                ("yarn", NodeRecipe.Yarn, [("yarn", "bin/yarn.js"), ("yarnpkg", "bin/yarn.js")]),
                ("corepack", NodeRecipe.CorepackFor(node), [("corepack", "dist/corepack.js")]),
            ];
            foreach (var (package, version, programs) in tools)
            {
                await layer.AddPackageAsync(await _npm.DownloadAsync(package, version, scratch.FullPath, ct), NodeRecipe.Place(package), ct);
                foreach (var (name, file) in programs) await layer.AddLinkAsync($"usr/local/bin/{name}", $"../lib/node_modules/{package}/{file}", ct);
            }
        }, ct, NodeRecipe.AddUser("node"), progress), ct);
    }

    private Task<BaseImage> NodeAsync(ReleaseVersion node, NodeFlavour flavour, Action<string> progress, CancellationToken ct)
    {
        if (flavour is NodeFlavour.Official or NodeFlavour.OfficialSlim) return OfficialNodeAsync(node, flavour, progress, ct);
        var tag = NodeRecipe.NodeTag(flavour, node, flavour == NodeFlavour.Build ? DebianBuildTag : DebianBootstrap.Tag);
        return making.EnsureAsync(tag, $"{node}", progress, async scratch =>
        {
            // npm lies over the bare node image; the build flavour shares nothing with it, for its Debian is another.
            var parent = flavour switch
            {
                NodeFlavour.Run => await DebianAsync(progress, ct),
                NodeFlavour.Npm => await NodeAsync(node, NodeFlavour.Run, progress, ct),
                _ => await DebianBuildAsync(progress, ct),
            };
            progress($"fetching {tag.Repository} {node}");

            // node-gyp would download the headers from a site that may not be reached.
            string[] changes = flavour == NodeFlavour.Build ? ["ENV npm_config_nodedir=/usr/local"] : [];
            await making.LayerAsync(parent, tag, changes, scratch, async layer =>
            {
                if (flavour != NodeFlavour.Npm) await AddNodeAsync(layer, node, flavour, scratch, ct);
                if (flavour != NodeFlavour.Run) await AddNpmAsync(layer, node, scratch, ct);
            }, ct);
        }, ct);
    }

    private async Task AddNodeAsync(LayerTar layer, ReleaseVersion node, NodeFlavour flavour, ScratchFolder scratch, CancellationToken ct)
    {
        var tarball = await _npm.DownloadAsync(NodeRecipe.NodePackage, $"{node}", scratch.FullPath, ct);
        await layer.AddPackageAsync(tarball, flavour == NodeFlavour.Build ? NodeRecipe.PlaceNodeAndHeaders : NodeRecipe.PlaceNode, ct);
    }

    private async Task AddNpmAsync(LayerTar layer, ReleaseVersion node, ScratchFolder scratch, CancellationToken ct)
    {
        var tarball = await _npm.DownloadAsync("npm", NodeRecipe.NpmFor(node), scratch.FullPath, ct);
        await layer.AddPackageAsync(tarball, NodeRecipe.Place("npm"), ct);
        await layer.AddLinkAsync("usr/local/bin/npm", "../lib/node_modules/npm/bin/npm-cli.js", ct);
        await layer.AddLinkAsync("usr/local/bin/npx", "../lib/node_modules/npm/bin/npx-cli.js", ct);
    }

    private async Task<ReleaseVersion> ResolveAsync(string package, string range, string repository, Action<string> progress, CancellationToken ct)
    {
        if (ReleaseVersion.TryParse(range.TrimStart('v', '='), out var exact)) return exact;
        if (!VersionRange.TryParse(range, out var parsed)) throw new VersionNotPublishedException(package, range);

        var published = await PublishedAsync(package, repository, progress, ct);
        return ReleaseVersion.Newest(published, parsed) ?? throw new VersionNotPublishedException(package, range);
    }

    private async Task<IReadOnlyList<string>> PublishedAsync(string package, string repository, Action<string> progress, CancellationToken ct)
    {
        try
        {
            return await _npm.VersionsAsync(package, ct);
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException)
        {
            // Without the registry, what was made before is better than no deployment.
            var local = await _images.TagsAsync(repository, ct);
            if (local.Count == 0) throw;
            progress($"{options.NpmRegistry.Host} does not answer ({exception.Message}); using a version that is here");
            return [.. local.Select(tag => tag.Split('-')[0])];
        }
    }
}

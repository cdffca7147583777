using Slipway.Contract.Tests.Engine;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Running;
using Slipway.Testing.Contracts;

namespace Slipway.Contract.Tests.Running;

internal sealed class DockerRuntimeHarness : ContainerRuntimeHarness
{
    private readonly TestEngine _engine;
    private readonly Dictionary<AppKind, string> _images;
    private readonly string _home;
    private readonly string _otherHome;

    private readonly IFreezer? _freezer;

    private DockerRuntimeHarness(TestEngine engine, Dictionary<AppKind, string> images, IFreezer? freezer)
    {
        (_engine, _images, _freezer) = (engine, images, freezer);
        (_home, _otherHome) = (engine.NewHome(), engine.NewHome());
        (Runtime, OtherHome) = (engine.Runtime(_home, freezer), engine.Runtime(_otherHome, freezer));
    }

    public override IContainerRuntime Runtime { get; }

    public override IContainerRuntime OtherHome { get; }

    public override IVolumes Volumes => _engine.Volumes(_home);

    public string Home => _home;

    public static async Task<DockerRuntimeHarness> CreateAsync(TestEngine engine, IFreezer? freezer = null)
    {
        var images = new Dictionary<AppKind, string>();
        foreach (var kind in Enum.GetValues<AppKind>())
            images[kind] = await engine.ImportAsync(engine.NewImageName(), $"CMD {Command(kind)}");
        return new(engine, images, freezer);
    }

    public override IContainerRuntime AfterRestart() => _engine.Runtime(_home, _freezer);

    public override string ImageOf(AppKind kind) => _images[kind];

    public override async ValueTask DisposeAsync()
    {
        foreach (var runtime in new[] { Runtime, OtherHome })
            foreach (var instance in await runtime.ListAsync(default))
                await runtime.RemoveAsync(instance.Id, TimeSpan.Zero, default);
        // An engine has addresses for some thirty networks, and each test makes one or two.
        await _engine.RemoveNetworksAsync(_home, _otherHome);
    }

    private static string Command(AppKind kind) => kind switch
    {
        AppKind.Listens => """["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]""",
        AppKind.ListensOnLoopback => """["/bin/busybox", "httpd", "-f", "-p", "127.0.0.1:8080", "-h", "/www"]""",
        AppKind.PrintsAndExits => """["/bin/sh", "-c", "echo \"$GREETING\"; echo one; echo two; echo three; exit 3"]""",
        AppKind.PrintsAndStays => """["/bin/sh", "-c", "echo up; echo oops >&2; exec /bin/busybox httpd -f -p 8080 -h /www"]""",
        AppKind.Remembers => """["/bin/sh", "-c", "echo line >> /data/lines && busybox wc -l < /data/lines"]""",
        AppKind.EatsMemory => """["/bin/busybox", "tail", "/dev/zero"]""",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

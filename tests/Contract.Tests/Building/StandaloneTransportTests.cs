using Slipway.BuildKit;
using Slipway.Contract.Tests.Engine;
using Slipway.Testing.BuildKit;

namespace Slipway.Contract.Tests.Building;

/// <summary>By a unix socket with plain gRPC, the session in a tunnel, as a standalone buildkitd is spoken to.</summary>
[Trait("needs", "engine")]
public sealed class UnixSocketBuilderTests(TestEngine engine, BridgeFixture bridge) : BusyboxContract, IClassFixture<TestEngine>, IClassFixture<BridgeFixture>
{
    protected override string NewImageName() => engine.NewImageName();

    private protected override void Configure(BuildKitOptions options)
    {
        options.Address = $"unix://{bridge.Bridge.UnixSocket}";
        options.Exporter = "moby";
    }
}

/// <summary>By TCP with certificates on both sides.</summary>
[Trait("needs", "engine")]
public sealed class MutualTlsBuilderTests(TestEngine engine, BridgeFixture bridge) : BusyboxContract, IClassFixture<TestEngine>, IClassFixture<BridgeFixture>
{
    protected override string NewImageName() => engine.NewImageName();

    private protected override void Configure(BuildKitOptions options)
    {
        options.Address = $"tcp://127.0.0.1:{bridge.Bridge.TcpPort}";
        options.AuthorityFile = bridge.Bridge.Authority.RootFile;
        options.CertificateFile = bridge.Bridge.Authority.ClientFile;
        options.KeyFile = bridge.Bridge.Authority.ClientKeyFile;
        options.Exporter = "moby";
    }
}

/// <summary>The newest engine that Debian ships, with containerd's image store, by its own socket.</summary>
[Trait("needs", "engine")]
[Trait("needs", "engine-new")]
public sealed class NewEngineBuilderTests(NewEngine engine) : BusyboxContract, IClassFixture<NewEngine>
{
    private int _images;

    public override ValueTask InitializeAsync()
    {
        engine.Require();
        return base.InitializeAsync();
    }

    // Its store goes with it.
    protected override string NewImageName() => $"slipway-contract:{Interlocked.Increment(ref _images)}";

    private protected override void Configure(BuildKitOptions options) => options.EngineSocket = engine.Socket;
}

/// <summary>The newest engine by plain gRPC, so with the session in a tunnel.</summary>
[Trait("needs", "engine")]
[Trait("needs", "engine-new")]
public sealed class NewEngineUnixSocketBuilderTests(NewEngine engine) : BusyboxContract, IClassFixture<NewEngine>, IAsyncDisposable
{
    private EngineBridge? _bridge;
    private int _images;

    public override ValueTask InitializeAsync()
    {
        engine.Require();
        _bridge = new EngineBridge(engine.Socket);
        return base.InitializeAsync();
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await base.DisposeAsync();
        if (_bridge is not null) await _bridge.DisposeAsync();
    }

    protected override string NewImageName() => $"slipway-contract:tunnel-{Interlocked.Increment(ref _images)}";

    private protected override void Configure(BuildKitOptions options)
    {
        options.Address = $"unix://{_bridge?.UnixSocket}";
        options.Exporter = "moby";
    }
}

/// <summary>A real buildkitd, where BUILDKIT_HOST names one; with BUILDKIT_TLS_DIR (ca.pem, cert.pem, key.pem) by certificates on both sides.</summary>
[Trait("needs", "buildkitd")]
public sealed class BuildkitdBuilderTests : BusyboxContract
{
    private static readonly string Address = Environment.GetEnvironmentVariable("BUILDKIT_HOST") ?? "";

    public override ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Address.Length == 0, "BUILDKIT_HOST names no buildkitd.");
        return base.InitializeAsync();
    }

    protected override string NewImageName() => $"slipway-contract.invalid/image:{Guid.NewGuid():N}";

    private protected override void Configure(BuildKitOptions options)
    {
        options.Address = Address;
        if (Environment.GetEnvironmentVariable("BUILDKIT_TLS_DIR") is not { Length: > 0 } folder) return;
        options.AuthorityFile = Path.Combine(folder, "ca.pem");
        options.CertificateFile = Path.Combine(folder, "cert.pem");
        options.KeyFile = Path.Combine(folder, "key.pem");
    }
}

/// <summary>One bridge for a class.</summary>
public sealed class BridgeFixture : IAsyncDisposable
{
    public EngineBridge Bridge { get; } = new();

    public ValueTask DisposeAsync() => Bridge.DisposeAsync();
}

using Slipway.BuildKit;
using Slipway.Testing.Contracts;

namespace Slipway.Contract.Tests.Building;

/// <summary>The contract on a BuildKit that has no image of ours: the base is scratch, and busybox comes with the context.</summary>
public abstract class BusyboxContract : ImageBuilderContract
{
    private BuildKitHarness? _harness;

    protected override ImageBuilderHarness Harness => _harness ?? throw new InvalidOperationException("not begun");

    public override ValueTask InitializeAsync()
    {
        Directory.CreateDirectory($"{Context}/bin");
        File.Copy("/bin/busybox", $"{Context}/bin/busybox");
        foreach (var name in new[] { "sh", "sleep", "test" }) File.CreateSymbolicLink($"{Context}/bin/{name}", "busybox");
        _harness = new("FROM scratch\nENV PATH=/bin\nCOPY bin /bin/", NewImageName, Configure);
        return ValueTask.CompletedTask;
    }

    protected abstract string NewImageName();

    /// <summary>Which BuildKit.</summary>
    private protected abstract void Configure(BuildKitOptions options);
}

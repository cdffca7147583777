using System.Diagnostics;
using Slipway.Testing;

namespace Contract.Tests.Routing;

/// <summary>The edge's native program, published once for all tests of a run.</summary>
internal static class NativeEdge
{
    private static readonly Lazy<Task<string>> Published = new(PublishAsync);

    public static Task<string> FileAsync() => Published.Value;

    /// <summary>Its errors are its own; what it says is for people.</summary>
    public static Process Start(string file, string home, Dictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        start.Environment["SLIPWAY_HOME"] = home;
        foreach (var (name, value) in settings) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("slipway-edge did not start");
    }

    private static async Task<string> PublishAsync()
    {
        var file = Path.Combine(Golden.Root, "artifacts", "test", "slipway-edge");
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Golden.Root, "eng/publish-edge"), [file]) { RedirectStandardError = true }) ?? throw new InvalidOperationException("eng/publish-edge did not start");
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? file : throw new InvalidOperationException($"eng/publish-edge ended with {process.ExitCode}: {said}");
    }
}

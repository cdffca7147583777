using System.Diagnostics;
using System.Globalization;

namespace Slipway.Testing.BuildKit;

/// <summary>
/// The newest Engine that Debian ships, beside the installed one (<c>eng/engine-new</c>), for the tests of one class; with
/// SLIPWAY_ENGINE_NEW it is one that runs already. Where it cannot be had the tests are skipped, and in CI they fail.
/// </summary>
public sealed class NewEngine : IAsyncLifetime
{
    private static readonly string Owner = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
    private static readonly SemaphoreSlim Once = new(1);
    private static string? _started;
    private static int _users;

    private string? _missing;

    public string Socket { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Socket = Environment.GetEnvironmentVariable("SLIPWAY_ENGINE_NEW") ?? "";
        if (Socket.Length > 0) return;
        await Once.WaitAsync();
        try
        {
            _users++;
            if (_started is null)
            {
                var (code, output, error) = await RunAsync("start");
                if (code == 0) _started = output.Trim();
                else _missing = error.Trim();
            }

            Socket = _started ?? "";
        }
        finally
        {
            Once.Release();
        }
    }

    /// <summary>First thing in a test.</summary>
    public void Require()
    {
        if (_missing is null) return;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail($"eng/engine-new: {_missing}");
        Assert.Skip($"eng/engine-new: {_missing}");
    }

    public async ValueTask DisposeAsync()
    {
        await Once.WaitAsync();
        try
        {
            if (_started is null || --_users > 0) return;
            await RunAsync("stop");
            _started = null;
        }
        finally
        {
            Once.Release();
        }
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string verb)
    {
        var start = new ProcessStartInfo(Path.Combine(Golden.Root, "eng", "engine-new"), [verb, Owner]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("eng/engine-new did not start");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}

using System.Diagnostics;

namespace EndToEnd.Tests;

/// <summary>What a command printed.</summary>
internal sealed record Ran(int ExitCode, string Output, string Error)
{
    public override string ToString() => $"exit {ExitCode}\n--- stdout\n{Output}\n--- stderr\n{Error}";
}

/// <summary>This checkout and its launcher, used as a person would.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    public static string Example(string name) => Path.Combine(Root, "examples", name);

    public static Process Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Root, "slipway"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = Root };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("slipway did not start");
    }

    public static async Task<Ran> RunAsync(IReadOnlyDictionary<string, string> environment, string? input, TimeSpan limit, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"slipway {string.Join(' ', arguments)} took longer than {limit}\n{await output}\n{await error}");
        }

        return new Ran(process.ExitCode, await output, await error);
    }

    private static string Find()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Slipway.slnx"))) at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("the tests must run inside a checkout");
        return at;
    }
}

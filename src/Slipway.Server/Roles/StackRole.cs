using System.Text.Json;
using Slipway.Core.BuildLogs;
using Slipway.Core.Stack;
using Slipway.Docker;
using Slipway.Server.Hosting;

namespace Slipway.Server.Roles;

/// <summary>Makes or pulls the images of the stack, then ends: <c>--roles stack --entry-points FOLDER</c>. The CLI starts it, hears its progress on stderr and reads one JSON document.</summary>
internal static class StackRole
{
    public static async Task<int> RunAsync(HomeFolder home, string[] args)
    {
        var settings = HomeSettings.Load(home.Paths);
        var services = new ServiceCollection().AddSingleton(home).AddSingleton(TimeProvider.System).AddLogging();
        AddAdapters.AddBases(services.AddFirewall(settings, home), settings, home);
        await using var provider = services.BuildServiceProvider();
        using var stop = new CancellationTokenSource();
        using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, signal => { signal.Cancel = true; stop.Cancel(); });
        var material = await provider.GetRequiredService<StackImageShelf>().ObtainAsync(BuildVersion.Text, Value(args, "--entry-points"), NativeEdge(settings), Wanted(settings), new StandardError(), stop.Token);
        Console.WriteLine(JsonSerializer.Serialize(material, JsonSerializerOptions.Web));
        return 0;
    }

    /// <summary>As the launcher tells it, once <c>eng/publish-edge</c> has made it.</summary>
    private static string? NativeEdge(IConfiguration settings) => settings["SLIPWAY_EDGE_BIN"] is { Length: > 0 } file && File.Exists(file) ? file : null;

    private static StackImageNames Wanted(IConfiguration settings)
    {
        string Of(string name) => settings[$"Slipway:Stack:{name}Image"] ?? "";
        return new(Of("Slipway"), Of("Postgres"), Of("Nats"), Of("Registry"), Of("Prometheus"));
    }

    private static string Value(string[] args, string name) =>
        Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : throw new SettingsException($"{name} is missing");

    private sealed class StandardError : IBuildOutput
    {
        public void Line(BuildLogStream stream, string? step, string text) => Console.Error.WriteLine(text);

        public void Step(string step, string text, StepChange change) => Console.Error.WriteLine(text);

        public ValueTask CatchUpAsync(CancellationToken ct) => ValueTask.CompletedTask;
    }
}

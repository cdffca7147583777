using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Core.Pipeline.Routing;
using Slipway.Edge;

namespace Edge.Bench;

/// <summary>The server's executable in the role edge, in a home of its own, and the line to it.</summary>
internal sealed class EdgeProcess : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly string _home;
    private long _number;

    private EdgeProcess(Contender server, string home)
    {
        (Server, _home) = (server, home);
        _services = new ServiceCollection().AddEdgeRouter(o => o.Use(new SlipwayHome(home))).BuildServiceProvider();
    }

    public Contender Server { get; }

    public IRouter Router => _services.GetRequiredService<IRouter>();

    public static bool IsHere(EdgeBuild build) => File.Exists(ProgramOf(build));

    /// <summary>Those of <see cref="EdgeBuild"/> that this checkout has.</summary>
    public static async Task<IReadOnlyList<EdgeProcess>> StartAllAsync()
    {
        var all = new List<EdgeProcess>();
        foreach (var build in Enum.GetValues<EdgeBuild>().Where(IsHere)) all.Add(await StartAsync(build));
        return all;
    }

    public static async Task<EdgeProcess> StartAsync(EdgeBuild build)
    {
        var home = Directory.CreateTempSubdirectory("edge-bench-").FullName;
        var port = Ports.Free();
        var environment = new Dictionary<string, string> { ["SLIPWAY_HOME"] = home, ["SLIPWAY_PORT"] = port.ToString(CultureInfo.InvariantCulture) };
        if (build == EdgeBuild.Inline) (environment["Slipway__Edge__InlineScheduling"], environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"]) = ("true", "1");
        var server = await Contender.StartAsync(build == EdgeBuild.Server ? "Slipway" : $"Slipway, {build.ToString().ToLowerInvariant()}", port, ProgramOf(build), build == EdgeBuild.Native ? [] : ["--roles", "edge"], environment);
        var edge = new EdgeProcess(server, home);
        while (true)
        {
            try
            {
                await edge.Router.TrafficAsync(CancellationToken.None);
                return edge;
            }
            catch (RouterDownException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }

    public Task PublishAsync(IReadOnlyList<Route> routes, IReadOnlyDictionary<string, EdgeRules>? rules = null) =>
        Router.PublishAsync(new RouteTable(++_number, routes) { Rules = rules }, CancellationToken.None);

    public void Dispose()
    {
        _services.Dispose();
        Server.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    private static string ProgramOf(EdgeBuild build) => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../..", build == EdgeBuild.Native ? "artifacts/native/slipway-edge" : "src/Slipway.Server/bin/Release/net10.0/slipway-server"));
}

using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Machine;

/// <summary>The server's executable and its build stamp, as the launcher tells them.</summary>
internal static class ServerBinary
{
    /// <summary>Null when we were not started by the launcher: then any running version will do.</summary>
    public static string? Build => Environment.GetEnvironmentVariable("SLIPWAY_BUILD") is { Length: > 0 } build ? build : null;

    /// <summary>Where the server is; need not exist.</summary>
    public static string Path => Environment.GetEnvironmentVariable("SLIPWAY_SERVER_BIN") is { Length: > 0 } set
        ? System.IO.Path.GetFullPath(set)
        : System.IO.Path.GetFullPath(System.IO.Path.Combine(AppContext.BaseDirectory, "..", "server", "slipway-server"));

    /// <summary>The edge's program: the native one where the launcher has it (<c>eng/publish-edge</c>), else the server's.</summary>
    public static string Edge() => Environment.GetEnvironmentVariable("SLIPWAY_EDGE_BIN") is { Length: > 0 } native && File.Exists(native) ? System.IO.Path.GetFullPath(native) : Require();

    public static string Require() => File.Exists(Path)
        ? Path
        : throw CliError.Broken("server.missing", $"the server's program is not at {Path}", "start Slipway by ./slipway of its checkout, or set SLIPWAY_SERVER_BIN to slipway-server");
}

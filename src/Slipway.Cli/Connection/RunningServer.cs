using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;
using Slipway.Cli.Stack;
using Slipway.Client;
using Slipway.Core;

namespace Slipway.Cli.Connection;

/// <summary>The way to the API of the server that runs on a home.</summary>
internal static class RunningServer
{
    /// <summary>How long a deployment is followed while the server is away: a restart at most.</summary>
    public static readonly TimeSpan FollowPatience = TimeSpan.FromSeconds(90);

    /// <exception cref="CliError">Slipway does not run on this home.</exception>
    public static SlipwayClient Connect(CliContext context) => Connect(context.Home, context.Time);

    public static SlipwayClient Connect(SlipwayHome home, TimeProvider time) => StackFolder.Of(home) is { Exists: true } stack
        ? OfStack(stack, time)
        : RoleProcess.Server(home, time).Running is { } server
        ? new SlipwayClient(new Uri(server.Address), Token(home.TokenFile), time, new HomeConnection(home, time))
        : throw CliError.Broken("slipway.not_running", "Slipway is not running", "start it: ./slipway up");

    /// <summary>4xx is the caller's fault (exit 2), the rest the server's (exit 3).</summary>
    public static CliError Refusal(SlipwayApiException e) => e switch
    {
        // A file of an upload could not be read: the connection broke, but that is not what went wrong.
        { InnerException: { } inner } when Cause(inner) is { } own => own,
        { Status: 401 or 403 } => CliError.Broken(e.Code, e.Message, e.Hint ?? "the token under the home is not this server's: ./slipway down, then ./slipway up", e),
        { IsCallersFault: true } => CliError.Usage(e.Code, e.Message, e.Field, e.Hint),
        _ => CliError.Broken(e.Code, e.Message, e.Hint ?? "see logs/server.log in the home", e),
    };

    private static CliError? Cause(Exception? e) => e is null ? null : e as CliError ?? Cause(e.InnerException);

    private static SlipwayClient OfStack(StackFolder stack, TimeProvider time) => StackEnvironment.Read(stack) is { IsHere: true } environment
        ? new SlipwayClient(new Uri(environment.Api), Token(stack.TokenFile), time, new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
        : throw CliError.Broken("stack.not_running", "the stack of this home does not run", "start it: slipway stack up");

    private static string Token(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliError.Broken("slipway.no_token", $"the API token cannot be read: {e.Message}", "run this as the user who started Slipway", e);
        }
    }
}

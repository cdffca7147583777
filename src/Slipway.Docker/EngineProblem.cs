using System.Net.Sockets;

namespace Slipway.Docker;

/// <summary>A failed connect → words for a person and what to do. Pure.</summary>
internal static class EngineProblem
{
    public static EngineStatus Of(Exception failed, string socket)
    {
        var (problem, hint) = failed switch
        {
            OperationCanceledException => (
                $"The Docker Engine at {socket} does not answer.",
                "Look at its log (journalctl -u docker) and restart it: sudo systemctl restart docker"),
            { InnerException: SocketException { SocketErrorCode: SocketError.AccessDenied } } => (
                $"You may not use the Docker Engine at {socket}.",
                "Add yourself to its group and log in again: sudo usermod -aG docker $USER"),
            // .NET says of a socket file that is not there: AddressNotAvailable.
            { InnerException: SocketException { SocketErrorCode: SocketError.AddressNotAvailable or SocketError.ConnectionRefused } } => (
                $"No Docker Engine listens at {socket}.",
                "Start it: sudo systemctl start docker. Not installed? sudo apt-get install docker.io"),
            _ => ($"The Docker Engine at {socket} could not be asked: {failed.Message}", null),
        };
        return new(false, null, null, problem, hint);
    }
}

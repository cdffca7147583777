using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Slipway.Core.Hosting;

namespace Slipway.Host;

/// <summary>
/// Knocks from inside: a socket belongs to the network of the thread that made it, so one thread goes into the network of a build
/// step or an app, makes sockets there, and ends. No image, no container and no program is needed for it.
/// </summary>
internal sealed partial class FenceTrial(TimeProvider time)
{
    private const int NetworkNamespace = 0x4000_0000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly IPEndPoint Metadata = new(IPAddress.Parse("169.254.169.254"), 80);

    public async Task<FenceProof?> RunAsync(int process, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess || Gateway(process) is not { } gateway) return null;
        // Something that surely listens: a refusal is the fence's, not that of a closed door.
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        if (await SocketsAsync(process, 2) is not { } sockets) return null;
        using var one = sockets[0];
        using var two = sockets[1];
        var door = new IPEndPoint(gateway, ((IPEndPoint)listener.LocalEndpoint).Port);
        var (host, metadata) = (await KnockAsync(one, door, ct), await KnockAsync(two, Metadata, ct));
        return new FenceProof(time.GetUtcNow(), (host, metadata) switch
        {
            (SocketError.Success, _) => $"a trial from inside reached this host at {gateway}",
            (_, SocketError.Success) => $"a trial from inside reached the metadata address {Metadata.Address}",
            (not SocketError.ConnectionRefused, _) => $"a trial from inside was not refused this host, but ended with {host}",
            (_, not SocketError.ConnectionRefused) => $"a trial from inside was not refused the metadata address, but ended with {metadata}",
            _ => null,
        });
    }

    private async Task<SocketError> KnockAsync(Socket socket, IPEndPoint door, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            await socket.ConnectAsync(door, both.Token);
            return SocketError.Success;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return SocketError.TimedOut;
        }
    }

    /// <summary>Null when its network can't be entered.</summary>
    private static Task<Socket[]?> SocketsAsync(int process, int count)
    {
        var made = new TaskCompletionSource<Socket[]?>(TaskCreationOptions.RunContinuationsAsynchronously);
        // A thread of its own, which ends: one of the pool would carry on in there.
        new Thread(() =>
        {
            try
            {
                var own = new FileInfo("/proc/thread-self/ns/net").LinkTarget;
                if (new FileInfo($"/proc/{process}/ns/net").LinkTarget is not { } there || there == own) { made.SetResult(null); return; }
                using var network = File.OpenHandle($"/proc/{process}/ns/net");
                if (Enter(network, NetworkNamespace) != 0) { made.SetResult(null); return; }
                made.SetResult([.. Enumerable.Range(0, count).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))]);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or SocketException)
            {
                made.SetResult(null);
            }
        })
        { IsBackground = true, Name = "fence trial" }.Start();
        return made.Task;
    }

    /// <summary>The host's address on the process's own bridge, by the process's routes.</summary>
    private static IPAddress? Gateway(int process)
    {
        try
        {
            return GatewayIn(File.ReadAllText($"/proc/{process}/net/route"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary><c>/proc/net/route</c>: device, destination, gateway, …, both in hexadecimal digits as the machine has them in memory. Pure.</summary>
    internal static IPAddress? GatewayIn(string routes) =>
        routes.Split('\n').Skip(1).Select(line => line.Split('\t')).Where(words => words is [_, "00000000", not "00000000", ..])
            .Select(words => new IPAddress(uint.Parse(words[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture))).FirstOrDefault();

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int Enter(SafeFileHandle network, int kind);
}

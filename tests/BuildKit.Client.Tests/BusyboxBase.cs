using System.Formats.Tar;
using System.Net.Sockets;

namespace BuildKit.Client.Tests;

/// <summary>A base image of one static busybox, since no registry can be reached.</summary>
internal static class BusyboxBase
{
    public const string Name = "buildkit-client-test:busybox";
    private const string Busybox = "/bin/busybox";
    private static readonly SemaphoreSlim Once = new(1);

    public static async ValueTask EnsureAsync()
    {
        Assert.True(File.Exists(Busybox), "these tests need the Debian package busybox-static; ./test installs it");
        await Once.WaitAsync();
        try
        {
            using var http = Engine();
            if ((await http.GetAsync($"/images/{Name}/json")).IsSuccessStatusCode) return;
            using var tar = new MemoryStream();
            await using (var writer = new TarWriter(tar, leaveOpen: true))
            {
                await writer.WriteEntryAsync(Busybox, "bin/busybox");
                foreach (var name in new[] { "sh", "cat", "echo", "sleep", "ls", "test", "date" })
                {
                    await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{name}") { LinkName = "busybox" });
                }
            }

            tar.Position = 0;
            (await http.PostAsync("/images/create?fromSrc=-&repo=buildkit-client-test&tag=busybox", new StreamContent(tar))).EnsureSuccessStatusCode();
        }
        finally
        {
            Once.Release();
        }
    }

    private static HttpClient Engine() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, ct) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint("/var/run/docker.sock"), ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://docker") };
}

using System.Net.Sockets;
using System.Text;
using Slipway.Edge;
using Slipway.Edge.Sleeping;
using Slipway.Host.Cgroups;
using Slipway.Host.Companion;

namespace Slipway.Contract.Tests.Hosting;

/// <summary>The root part beside the edge, over its real socket.</summary>
public sealed class CompanionTests : IAsyncLifetime
{
    private const string Id = "3f9a1c07b2d4e6f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f70";
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-companion-").FullName;
    private readonly CancellationTokenSource _end = new();
    private Task _serving = Task.CompletedTask;

    private string Path => System.IO.Path.Combine(_folder, "companion.sock");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        var companion = CompanionServer.Listen(Path);
        _serving = ServeAsync(companion);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _end.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData($"docker/{Id}", true)]
    [InlineData($"system.slice/docker-{Id}.scope", true)]
    [InlineData($"slip.slice/{Id}", true)]
    [InlineData(Id, true)]
    [InlineData("", false)]
    [InlineData("docker", false)]
    [InlineData("system.slice", false)]
    [InlineData($"docker/../{Id}", false)]
    [InlineData($"/docker/{Id}", false)]
    [InlineData($"docker/{Id}/nested", false)]
    [InlineData($"docker/{Id}\n", false)]
    [InlineData($"docker\0/{Id}", false)]
    [InlineData("docker/3f9a1c07", false)]
    public void Only_a_container_s_own_cgroup_is_touched(string path, bool isContainer) => Assert.Equal(isContainer, GroupPath.IsContainer(path));

    [Theory]
    [InlineData($"thaw docker/{Id}\n", "gone\n")]
    [InlineData("thaw system.slice\n", "no\n")]
    [InlineData($"freeze docker/{Id}\n", "no\n")]
    [InlineData($"thaw docker/{Id}\nthaw\n", "gone\nno\n")]
    [InlineData("\n", "no\n")]
    public async Task It_knows_one_verb(string said, string answer)
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(said), Ct);
        var heard = "";
        var buffer = new byte[100];
        while (heard.Length < answer.Length) heard += Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Ct));
        Assert.Equal(answer, heard);
    }

    [Fact]
    public async Task A_control_plane_freezes_by_it_and_believes_it_while_it_is_away()
    {
        RootHost.Require();
        var tree = CgroupTree.OfHost;
        var group = $"docker/{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32))}";
        var folder = tree.IsUnified ? tree.Folder("", group) : tree.Folder("freezer", group);
        Directory.CreateDirectory(folder);
        try
        {
            var path = System.IO.Path.Combine(_folder, "control.sock");
            var freezer = new CompanionFreezer(path);
            Assert.Null(freezer.Find(1, group[7..]));
            using var end = new CancellationTokenSource();
            using (var companion = CompanionServer.Listen(path, controlPlane: 0))
            {
                var serving = companion.ServeAsync(end.Token);
                Assert.Equal((group, false), (freezer.Find(1, group[7..]), freezer.IsFrozen(group)));
                Assert.True(await freezer.FreezeAsync(group, Ct));
                Assert.True(freezer.IsFrozen(group));
                Assert.True(freezer.Thaw(group));
                Assert.False(freezer.IsFrozen(group));
                Assert.True(await freezer.FreezeAsync(group, Ct));
                Assert.Null(freezer.Find(1, Id));
                await end.CancelAsync();
                await serving;
            }

            Assert.Equal((group, true, false), (freezer.Find(1, group[7..]), freezer.IsFrozen(group), freezer.Thaw(group)));
        }
        finally
        {
            new CgroupFreezer(tree, TimeProvider.System).Thaw(group);
            Directory.Delete(folder);
        }
    }

    [Fact]
    public async Task Who_is_not_the_control_plane_freezes_nothing()
    {
        var path = System.IO.Path.Combine(_folder, "other.sock");
        using var end = new CancellationTokenSource();
        using var companion = CompanionServer.Listen(path, controlPlane: 47421);
        var serving = companion.ServeAsync(end.Token);
        var freezer = new CompanionFreezer(path);
        Assert.Null(freezer.Find(1, Id));
        Assert.False(await freezer.FreezeAsync($"docker/{Id}", Ct));
        await end.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task Line_without_end_is_hung_up_on_and_others_are_heard()
    {
        using var endless = await ConnectAsync();
        await endless.SendAsync(new byte[4096], Ct);
        Assert.False(await HearsAsync(endless));
        Assert.False(await new CompanionLine(new EdgeOptions { CompanionSocket = Path }, TimeProvider.System).ThawAsync($"docker/{Id}"));
    }

    [Fact]
    public async Task Edge_without_a_companion_knows_at_once()
    {
        Assert.False(await new CompanionLine(new EdgeOptions { CompanionSocket = Path + ".none" }, TimeProvider.System).ThawAsync($"docker/{Id}"));
        Assert.False(await new CompanionLine(new EdgeOptions(), TimeProvider.System).ThawAsync($"docker/{Id}"));
    }

    private static async Task<bool> HearsAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[10], Ct) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task ServeAsync(CompanionServer companion)
    {
        using (companion) await companion.ServeAsync(_end.Token);
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path), Ct);
        return socket;
    }
}

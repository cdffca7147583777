using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Slipway.Core;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Building;
using Slipway.Testing.InMemory;

namespace Core.Tests.Building;

public sealed class DiskReserveTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryBuildMachine _machine = new();
    private readonly DiskReserve _disk;

    public DiskReserveTests()
    {
        _disk = new(_machine, Options.Create(new BuildLimitOptions()), _time);
        _machine.Hold(new EngineLayout("/", "cgroupfs"), new StepLimits(1, 1, 1, 1));
    }

    [Fact]
    public async Task The_build_that_fills_the_disk_is_stopped_and_its_neighbour_goes_on()
    {
        await using var neighbour = new Watched(this);
        await using var bomb = new Watched(this);
        _machine.Write(neighbour.Build, 10 << 20);
        _machine.Write(bomb.Build, 3L << 30);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Null(bomb.Stopped ?? neighbour.Stopped);

        _machine.Free = 800 << 20;
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal("the build was stopped: the engine's disk has 800 MiB left, and 1 GiB are kept for what is served; this build's steps wrote 3 GiB", bomb.Stopped?.Message);
        Pass(TimeSpan.FromMinutes(1));
        Assert.Null(neighbour.Stopped);

        await bomb.DisposeAsync();
        Pass(TimeSpan.FromSeconds(4));
        _machine.Free = 4L << 30;
        Pass(TimeSpan.FromMinutes(1));
        Assert.Null(neighbour.Stopped);
    }

    [Fact]
    public async Task A_disk_that_has_no_room_for_files_is_full_whatever_bytes_it_has()
    {
        await using var bomb = new Watched(this);
        _machine.Write(bomb.Build, 10 << 20);
        _machine.Room = new FileRoom(5_000, 100_000);
        Assert.Null(bomb.Stopped);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Null(bomb.Stopped);
        _machine.Room = new FileRoom(4_999, 100_000);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal("the build was stopped: the engine's disk has room for 4999 more files (inodes) of 100000, and the last ones are kept for what is served; this build's steps wrote 10 MiB", bomb.Stopped?.Message);
        Assert.Equal("build.disk_full", _disk.Shortage(null)?.Code);
    }

    [Fact]
    public async Task The_next_is_stopped_when_the_end_of_the_first_did_not_help()
    {
        await using var neighbour = new Watched(this);
        await using var bomb = new Watched(this);
        _machine.Write(bomb.Build, 3L << 30);
        _machine.Free = 800 << 20;
        Pass(TimeSpan.FromSeconds(1));
        await bomb.DisposeAsync();
        _machine.Write(neighbour.Build, 10 << 20);
        Pass(TimeSpan.FromSeconds(4));
        Assert.Null(neighbour.Stopped);
        Pass(TimeSpan.FromSeconds(2));
        Assert.Contains("wrote 10 MiB", neighbour.Stopped?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_are_stopped_where_nobody_counts_what_they_write()
    {
        _machine.Refusal = new StepLimitStatus.NotHeld("not root");
        _machine.Hold(new EngineLayout("/", "cgroupfs"), new StepLimits(1, 1, 1, 1));
        await using var one = new Watched(this);
        await using var two = new Watched(this);
        _machine.Free = 800 << 20;
        Pass(TimeSpan.FromSeconds(1));
        Assert.All([one, two], build => Assert.EndsWith("are kept for what is served", build.Stopped?.Message, StringComparison.Ordinal));
    }

    /// <summary>Tick by tick. The watches run on in here: a completed wait goes on where the clock is moved.</summary>
    private void Pass(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromMilliseconds(100)) _time.Advance(TimeSpan.FromMilliseconds(100));
    }

    /// <summary>A build that is watched until it is disposed of.</summary>
    private sealed class Watched : IAsyncDisposable
    {
        private readonly CancellationTokenSource _over = new();
        private readonly IBuildHold _steps;
        private readonly Task _watch;

        public Watched(DiskReserveTests test)
        {
            _steps = test._machine.Begin(Build);
            _watch = test._disk.WatchAsync(_steps, why => Stopped = why, _over.Token);
        }

        public DeploymentId Build { get; } = StrongId.New<DeploymentId>(TimeProvider.System);

        public Failure? Stopped { get; private set; }

        public async ValueTask DisposeAsync()
        {
            await _over.CancelAsync();
            await _watch;
            _steps.Dispose();
        }
    }
}

using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Building;
using Slipway.Testing.Contracts;
using Slipway.Testing.InMemory;

namespace Core.Tests.Building;

public class BuildAdmissionTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryBuildMachine _machine = new() { Has = new MachineMemory(16L << 30, 12L << 30, 0) };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(1, 8, true)]
    [InlineData(1, 7, false)]
    [InlineData(2, 12, true)]
    [InlineData(2, 11, false)]
    public void A_build_begins_when_its_memory_is_free_beside_that_of_the_others(int running, int freeGiB, bool begins) =>
        Assert.Equal(begins, BuildAdmission.Admits(running, (long)freeGiB << 30, 4L << 30));

    [Fact]
    public async Task Who_has_to_wait_says_why_once_and_begins_when_another_has_ended()
    {
        var admission = new BuildAdmission(_machine, Options.Create(new BuildLimitOptions()), _time);
        _machine.Has = _machine.Has with { Available = 3L << 30 };
        var first = await admission.EnterAsync(new BuildLines(), Ct);
        var seen = new BuildLines();
        var second = admission.EnterAsync(seen, Ct);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.False(second.IsCompleted);
        Assert.Equal("waiting for memory: 3 GiB is free, 1 build runs, and each may take 4 GiB", Assert.Single(seen.Texts));

        first.Dispose();
        first.Dispose();
        while (!second.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        (await second).Dispose();
    }
}

using Docker.DotNet.Models;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Running;
using Slipway.Docker.Running;

namespace Slipway.Contract.Tests.Running;

public sealed class ContainerObservationTests
{
    private static readonly HomeNames _names = new("0123abcd");
    private static readonly InstanceSpec _spec = new()
    {
        Id = new(Guid.Parse("01940000000070008000000000000001")),
        Deployment = new(Guid.Parse("01940000000070008000000000000001")),
        Project = new(Guid.Empty),
        Image = "sha256:0",
        Port = 8080,
        Environment = new Dictionary<string, string>(),
    };

    [Theory]
    [InlineData("created", 0, InstanceState.Created)]
    [InlineData("created", 127, InstanceState.Exited)]
    [InlineData("running", 0, InstanceState.Running)]
    [InlineData("paused", 0, InstanceState.Frozen)]
    [InlineData("restarting", 0, InstanceState.Running)]
    [InlineData("exited", 0, InstanceState.Exited)]
    [InlineData("dead", 1, InstanceState.Exited)]
    [InlineData("removing", 0, InstanceState.Exited)]
    public void Status_of_the_engine_becomes_a_state(string status, int exitCode, InstanceState expected)
    {
        var seen = ContainerObservation.Of(Container(new() { Status = status, ExitCode = exitCode }), _names);

        Assert.Equal(expected, seen?.State);
        Assert.Equal(expected is InstanceState.Running or InstanceState.Frozen ? "172.20.0.2" : null, seen?.Address);
        Assert.Equal(expected == InstanceState.Exited ? exitCode : null, seen?.ExitCode);
    }

    [Fact]
    public void Never_is_no_time()
    {
        var seen = ContainerObservation.Of(Container(new() { Status = "created", StartedAt = "0001-01-01T00:00:00Z" }), _names);

        Assert.Null(seen?.StartedAt);
    }

    [Fact]
    public void Label_or_name_alone_makes_it_none_of_ours()
    {
        var container = Container(new() { Status = "running" });

        Assert.Null(ContainerObservation.Of(container, new("99999999")));
        container.Name = "/other";
        Assert.Null(ContainerObservation.Of(container, _names));
    }

    private static ContainerInspectResponse Container(State state) => new()
    {
        Name = "/" + _names.Container(_spec.Id),
        Image = "sha256:0",
        Config = new() { Image = "sha256:0", Labels = ContainerLabels.Of(_names.HomeId, _spec) },
        State = state,
        NetworkSettings = new() { Networks = new Dictionary<string, EndpointSettings> { [_names.ServeNetwork] = new() { IPAddress = "172.20.0.2" } } },
    };
}

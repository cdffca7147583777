using System.Net;
using Slipway.Contract.Tests.Engine;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Running;
using Slipway.Docker.Running;
using Slipway.Testing.Contracts;

namespace Slipway.Contract.Tests.Running;

/// <summary>The contract on a real engine, and what only a real one can show.</summary>
[Trait("needs", "engine")]
public sealed class DockerRuntimeTests(TestEngine engine) : ContainerRuntimeContract, IClassFixture<TestEngine>
{
    private DockerRuntimeHarness? _harness;

    protected override ContainerRuntimeHarness Harness => _harness ?? throw new InvalidOperationException("not begun");

    private HomeNames Names => new(_harness?.Home ?? "");

    public override async ValueTask InitializeAsync() => _harness = await DockerRuntimeHarness.CreateAsync(engine);

    [Fact]
    public async Task Every_fence_is_up_around_a_container()
    {
        var spec = Spec(AppKind.Listens) with { Limits = new() { MemoryBytes = 48 << 20, Cpus = 0.25, Pids = 33 } };
        await Runtime.StartAsync(spec, Ct);

        var container = await engine.Client.Containers.InspectContainerAsync(Names.Container(spec.Id), Ct);

        var host = container.HostConfig;
        Assert.NotNull(host);
        Assert.Equal(["ALL"], host.CapDrop);
        Assert.Equal(["no-new-privileges"], host.SecurityOpt);
        Assert.Equal((48 << 20, (48 << 20) + 4096, 250_000_000, 33), (host.Memory, host.MemorySwap, host.NanoCPUs, host.PidsLimit));
        Assert.Equal("10001:10001", container.Config?.User);
        Assert.False(host.Privileged);
        Assert.Empty(host.Binds ?? []);
        Assert.Empty(host.PortBindings ?? new Dictionary<string, IList<global::Docker.DotNet.Models.PortBinding>>());
        Assert.Equal("json-file", host.LogConfig?.Type);
        Assert.Equal("10m", host.LogConfig?.Config?["max-size"]);
        var network = await engine.Client.Networks.InspectNetworkAsync(Names.ServeNetwork, Ct);
        Assert.Equal("false", network.Options?["com.docker.network.bridge.enable_icc"]);
        Assert.Equal(Names.ServeDevice, network.Options?["com.docker.network.bridge.name"]);
        Assert.Equal([Names.ServeNetwork], container.NetworkSettings?.Networks?.Keys);
    }

    [Fact]
    public async Task App_answers_at_its_address()
    {
        var started = await Runtime.StartAsync(Spec(AppKind.Listens), Ct);
        await UntilAsync(started.Id, instance => instance.ListeningPorts is [ContainerRuntimeHarness.Port]);
        using var http = new HttpClient();

        var answer = await http.GetAsync(new Uri($"http://{started.Address}:{started.Port}/"), Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task App_without_a_user_is_nobody_with_a_writable_home_and_no_capabilities()
    {
        var spec = await ScriptAsync("busybox id -u; echo $HOME; echo x > $HOME/x && busybox cat $HOME/x; busybox grep -E 'CapEff|NoNewPrivs' /proc/self/status; echo y > /y || echo refused");

        await Runtime.StartAsync(spec, Ct);
        await UntilAsync(spec.Id, instance => instance.State == InstanceState.Exited);

        var output = await Runtime.OutputAsync(spec.Id, 20, Ct);
        Assert.Equal(["10001", "/tmp", "x", "CapEff:\t0000000000000000", "NoNewPrivs:\t1"], output.Where(line => !line.Contains("/y", StringComparison.Ordinal)).Take(5));
        Assert.Contains("refused", output);
    }

    [Fact]
    public async Task Image_with_a_user_of_its_own_keeps_it()
    {
        var spec = await ScriptAsync("busybox id -u", "USER 1234:1234");

        await Runtime.StartAsync(spec, Ct);
        await UntilAsync(spec.Id, instance => instance.State == InstanceState.Exited);

        Assert.Equal(["1234"], await Runtime.OutputAsync(spec.Id, 20, Ct));
    }

    [Theory]
    [InlineData(null, "10001")]
    [InlineData("USER 1234:77", "1234")]
    public async Task A_volume_is_the_apps_to_write_and_the_root_is_not(string? line, string owner)
    {
        var spec = await ScriptAsync("busybox stat -c %u /var/lib/app/data; echo y > /var/lib/app/data/y && echo written; echo y > /y || echo refused", line is null ? [] : [line]);
        await Runtime.StartAsync(spec with { Volumes = [new("/var/lib/app/data", "data")] }, Ct);
        await UntilAsync(spec.Id, instance => instance.State == InstanceState.Exited);

        Assert.Equal([owner, "written", "refused"], (await Runtime.OutputAsync(spec.Id, 20, Ct)).Where(l => !l.Contains("/y", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Hostile_labels_of_an_image_do_not_win()
    {
        var other = Spec(AppKind.Listens);
        var spec = await ScriptAsync("busybox sleep 60",
            $"LABEL {ContainerLabels.Home}={Names.HomeId} {ContainerLabels.Instance}={other.Id} {ContainerLabels.Deployment}={other.Deployment} {ContainerLabels.Port}=1 {ContainerLabels.Volumes}=data=/data");

        var started = await Runtime.StartAsync(spec, Ct);

        Assert.Equal((spec.Id, spec.Deployment, spec.Port), (started.Id, started.Deployment, started.Port));
        Assert.Equal(started, Assert.Single(await Runtime.ListAsync(Ct)));
    }

    [Fact]
    public async Task Container_of_others_with_our_labels_is_not_adopted()
    {
        var spec = Spec(AppKind.Listens);
        var foreign = await engine.Client.Containers.CreateContainerAsync(
            new() { Image = spec.Image, Labels = ContainerLabels.Of(Names.HomeId, spec) }, Ct);

        Assert.Empty(await Runtime.ListAsync(Ct));
        Assert.Null(await Runtime.InspectAsync(spec.Id, Ct));
        await Runtime.RemoveAsync(spec.Id, TimeSpan.Zero, Ct);

        Assert.NotNull(await engine.Client.Containers.InspectContainerAsync(foreign.ID, Ct));
    }

    [Fact]
    public async Task Program_that_does_not_exist_is_an_exit_with_words()
    {
        var image = await engine.ImportAsync(engine.NewImageName(), """CMD ["/no/such/program"]""");
        var spec = Spec(AppKind.Listens) with { Image = image };

        await Runtime.StartAsync(spec, Ct);

        // With an init in front the container starts and ends, without one it never does; the story is the same.
        Assert.Equal(127, (await UntilAsync(spec.Id, instance => instance.State == InstanceState.Exited)).ExitCode);
        Assert.Contains("/no/such/program", Assert.Single(await Runtime.OutputAsync(spec.Id, 5, Ct)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Network_that_was_removed_is_made_again()
    {
        var spec = Spec(AppKind.PrintsAndExits);
        await Runtime.StartAsync(spec, Ct);
        await UntilAsync(spec.Id, instance => instance.State == InstanceState.Exited);
        await engine.Client.Networks.DeleteNetworkAsync(Names.ServeNetwork, Ct);

        await Runtime.StartAsync(spec, Ct);
        Assert.NotNull((await Runtime.StartAsync(Spec(AppKind.Listens), Ct)).Address);

        Assert.Equal(3, (await UntilAsync(spec.Id, instance => instance.State == InstanceState.Exited)).ExitCode);
    }

    [Fact]
    public async Task App_that_ignores_SIGTERM_is_killed_after_the_grace()
    {
        var spec = await ScriptAsync("trap '' TERM; while true; do busybox sleep 1; done");
        await Runtime.StartAsync(spec, Ct);
        var begun = TimeProvider.System.GetTimestamp();

        await Runtime.RemoveAsync(spec.Id, TimeSpan.FromSeconds(1), Ct);

        Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(10));
        Assert.Null(await Runtime.InspectAsync(spec.Id, Ct));
    }

    [Fact]
    public async Task Both_streams_and_a_huge_line_arrive()
    {
        var spec = await ScriptAsync("echo out; echo err >&2; busybox head -c 100000 /dev/zero | busybox tr '\\0' a; echo; echo last");
        await Runtime.StartAsync(spec, Ct);
        await UntilAsync(spec.Id, instance => instance.State == InstanceState.Exited);

        var output = await Runtime.OutputAsync(spec.Id, 100, Ct);

        Assert.Contains("out", output);
        Assert.Contains("err", output);
        Assert.Contains(new string('a', LineAssembler.LongestLine), output);
        Assert.Contains("last", output);
    }

    [Fact]
    public async Task Process_limit_holds()
    {
        var spec = await ScriptAsync("i=0; while [ $i -lt 100 ]; do busybox sleep 30 & i=$((i+1)); done; echo started all");
        await Runtime.StartAsync(spec with { Limits = new() { MemoryBytes = 64 << 20, Pids = 20 } }, Ct);

        var seen = await UntilAsync(spec.Id, instance => instance.State == InstanceState.Exited);

        Assert.NotEqual(0, seen.ExitCode);
        Assert.DoesNotContain("started all", await Runtime.OutputAsync(spec.Id, 20, Ct));
    }

    [Fact]
    public async Task Two_instances_do_not_reach_each_other()
    {
        var first = await Runtime.StartAsync(Spec(AppKind.Listens), Ct);
        await UntilAsync(first.Id, instance => instance.ListeningPorts is [ContainerRuntimeHarness.Port]);
        var second = await ScriptAsync($"busybox wget -T 2 -q -O - http://{first.Address}:8080/ && echo reached || echo refused");
        await Runtime.StartAsync(second, Ct);

        await UntilAsync(second.Id, instance => instance.State == InstanceState.Exited);

        Assert.Contains("refused", await Runtime.OutputAsync(second.Id, 20, Ct));
    }

    private async Task<InstanceSpec> ScriptAsync(string script, params string[] lines)
    {
        var command = System.Text.Json.JsonSerializer.Serialize(new[] { "/bin/sh", "-c", script });
        var image = await engine.ImportAsync(engine.NewImageName(), [.. lines, $"CMD {command}"]);
        return Spec(AppKind.Listens) with { Image = image };
    }
}

using Slipway.Core;
using Slipway.Core.Projects;
using Slipway.Testing;

namespace Core.Tests.Projects;

public class VolumeRulesTests
{
    [Theory]
    [InlineData("/data", "/data")]
    [InlineData("/data/", "/data")]
    [InlineData("/app/data", "/app/data")]
    [InlineData("/var/lib/app_1/up.loads", "/var/lib/app_1/up.loads")]
    [InlineData("/etcetera", "/etcetera")]
    public void A_path_of_the_apps_own_is_kept(string given, string kept) => Assert.Equal(kept, VolumeRules.CheckPath(given).Value);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("data")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("/a//b")]
    [InlineData("/a/../etc")]
    [InlineData("/..")]
    [InlineData("/./a")]
    [InlineData("/proc")]
    [InlineData("/proc/1")]
    [InlineData("/sys/fs")]
    [InlineData("/dev/shm")]
    [InlineData("/etc/ssl")]
    [InlineData("/tmp")]
    [InlineData("/run/x")]
    [InlineData("/var/run/docker.sock")]
    [InlineData("/usr/bin")]
    [InlineData("/app")]
    [InlineData("/var")]
    [InlineData("/home/")]
    [InlineData("/da ta")]
    [InlineData("/data:ro")]
    [InlineData("/data;x=/y")]
    [InlineData("/data\n")]
    [InlineData("C:\\data")]
    public void What_belongs_to_the_system_or_is_no_path_is_refused(string? given)
    {
        var failure = VolumeRules.CheckPath(given).Failure;
        Assert.Equal("volume.path_invalid", failure?.Code);
        Assert.NotEmpty(failure?.Hint ?? "");
    }

    [Theory]
    [InlineData("/data", "data")]
    [InlineData("/var/lib/Up_Loads.d", "up-loads-d")]
    [InlineData("/a/___", "data")]
    public void Its_name_is_the_last_part_of_its_path(string path, string name)
    {
        Assert.Equal(name, VolumeRules.NameOf(path));
        Assert.Null(VolumeRules.CheckName(name));
    }

    [Theory]
    [InlineData("data", "/other", "volume.name_taken", "name")]
    [InlineData("other", "/data", "volume.path_taken", "path")]
    [InlineData("other", "/data/inner", "volume.path_taken", "path")]
    [InlineData("other", "/database", null, null)]
    public void Volumes_lie_beside_each_other(string name, string path, string? code, string? field)
    {
        var refused = VolumeRules.CheckAdd(new Volume(name, path, default), [new Volume("data", "/data", default)]);
        Assert.Equal((code, field), (refused?.Failure.Code, refused?.Field));
    }

    [Fact]
    public void One_deployment_at_a_time_has_the_data()
    {
        var (old, heir, preview) = (StrongId.New<DeploymentId>(TimeProvider.System), StrongId.New<DeploymentId>(TimeProvider.System), StrongId.New<DeploymentId>(TimeProvider.System));
        var project = StoreSamples.Project(TimeProvider.System) with { Production = old };
        Assert.Equal(VolumeUse.None, DataRule.UseOf(project, old));
        project = project with { Volumes = [new Volume("data", "/data", default)] };
        Assert.Equal((VolumeUse.Data, VolumeUse.Own), (DataRule.UseOf(project, old), DataRule.UseOf(project, preview)));
        project = project with { DataHeir = heir };
        Assert.Equal((VolumeUse.Wait, VolumeUse.Data, VolumeUse.Own), (DataRule.UseOf(project, old), DataRule.UseOf(project, heir), DataRule.UseOf(project, preview)));
        project = project with { Production = heir };
        Assert.Equal((VolumeUse.Own, VolumeUse.Data), (DataRule.UseOf(project, old), DataRule.UseOf(project, heir)));
    }
}

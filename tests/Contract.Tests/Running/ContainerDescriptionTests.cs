using Slipway.Core.Pipeline.Running;
using Slipway.Docker;
using Slipway.Docker.Running;

namespace Slipway.Contract.Tests.Running;

public sealed class ContainerDescriptionTests
{
    private static readonly DockerOptions _options = new() { HomeId = "0123abcd" };

    [Theory]
    [InlineData("", true)]
    [InlineData("root", true)]
    [InlineData("root:node", true)]
    [InlineData("0", true)]
    [InlineData("00:1000", true)]
    [InlineData("node", false)]
    [InlineData("1000", false)]
    [InlineData("1000:0", false)]
    public void Root_in_every_spelling_becomes_a_plain_user(string user, bool isRoot)
    {
        var made = Describe(Spec(), new() { User = user });

        Assert.Equal(isRoot ? "10001:10001" : user, made.User);
        Assert.Equal(isRoot, made.Env?.Contains("HOME=/tmp"));
    }

    [Fact]
    public void Home_that_the_image_or_the_project_sets_stays()
    {
        var environment = new Dictionary<string, string> { ["HOME"] = "/srv" };

        Assert.DoesNotContain("HOME=/tmp", Describe(Spec(), new() { Env = ["HOME=/app"] }).Env ?? []);
        Assert.Equal(["HOME=/srv"], Describe(Spec() with { Environment = environment }, new()).Env);
    }

    [Theory]
    [InlineData("www-data", null, "/tmp")]
    [InlineData("", null, "/run /run/apache2 /run/lock/apache2 /tmp /var/cache/nginx /var/lib/nginx /var/log/apache2 /var/log/nginx")]
    [InlineData("", "NGINX_VERSION=1.29.0", "/run /run/apache2 /run/lock/apache2 /tmp /var/cache/nginx /var/lib/nginx")]
    [InlineData("", "APACHE_CONFDIR=/etc/apache2", "/run /run/apache2 /run/lock/apache2 /tmp /var/cache/nginx /var/lib/nginx")]
    public void What_web_servers_write_as_root_is_writable_where_root_was_taken(string user, string? variable, string folders)
    {
        var made = Describe(Spec(), new() { User = user, Env = variable is null ? [] : [variable] });

        Assert.Equal(folders.Split(' '), made.HostConfig?.Tmpfs?.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_volume_where_a_folder_in_memory_would_be_takes_its_place()
    {
        var made = Describe(Spec() with { Volumes = [new("/var/lib/nginx", "cache"), new("/data", null)] }, new()).HostConfig;

        Assert.DoesNotContain("/var/lib/nginx", made?.Tmpfs?.Keys ?? []);
        Assert.Equal([("volume", "slipway-0123abcd-prj_00000000000000000000000000000000-cache", "/var/lib/nginx"), ("volume", null, "/data")], made?.Mounts?.Select(m => (m.Type, m.Source, m.Target)));
    }

    [Theory]
    [InlineData("node:x:1000:1001:,,,:/home/node:/bin/bash", 1000, 1001)]
    [InlineData("nodejs:x:1:1::/:/bin/sh\nnode:x:1000:1000::/:", 1000, 1000)]
    [InlineData("nodejs:x:1:1::/:/bin/sh", null, null)]
    [InlineData("node:x:oops:1::", null, null)]
    [InlineData("", null, null)]
    public void A_users_numbers_are_in_the_images_list(string passwd, int? uid, int? gid) =>
        Assert.Equal((uid, gid), ImageUsers.Find(passwd.Replace("\\n", "\n", StringComparison.Ordinal), "node") is { } found ? (found.Uid, (int?)found.Gid) : (null, null));

    [Fact]
    public void Cores_beyond_the_hosts_are_cut_to_them() =>
        Assert.Equal(2_000_000_000, Describe(Spec() with { Limits = new() { Cpus = 64 } }, new()).HostConfig?.NanoCPUs);

    [Theory]
    [InlineData(null, false)]
    [InlineData(1024L, false)]
    [InlineData(16_384L, true)]
    [InlineData(long.MaxValue, true)]
    public void Open_files_are_limited_only_where_the_host_allows_as_many(long? hard, bool isLimited) =>
        Assert.Equal(isLimited, Describe(Spec(), new(), hard).HostConfig?.Ulimits is [{ Name: "nofile", Hard: 16_384 }]);

    [Theory]
    [InlineData("Max open files            1024                 20000                files     ", 20_000L)]
    [InlineData("Max open files            1024                 unlimited            files     ", long.MaxValue)]
    [InlineData("Max processes             1024                 20000                processes ", null)]
    public void Hard_limit_of_open_files_is_read(string line, long? expected) =>
        Assert.Equal(expected, OpenFilesLimit.Parse(["Limit                     Soft Limit           Hard Limit           Units     ", line]));

    [Fact]
    public void Init_is_asked_for_only_where_the_engine_has_one()
    {
        Assert.True(Describe(Spec(), new()).HostConfig?.Init);
        Assert.False(ContainerDescription.Of(Spec(), _options, new(), new(HasInit: false, Cores: 2), null).HostConfig?.Init);
    }

    private static global::Docker.DotNet.Models.CreateContainerParameters Describe(
        InstanceSpec spec, global::Docker.DotNet.Models.DockerOCIImageConfig image, long? hardOpenFiles = null) =>
        ContainerDescription.Of(spec, _options, image, new(HasInit: true, Cores: 2), hardOpenFiles);

    private static InstanceSpec Spec() => new()
    {
        Id = new(Guid.Empty),
        Deployment = new(Guid.Empty),
        Project = new(Guid.Empty),
        Image = "sha256:0",
        Port = 8080,
        Environment = new Dictionary<string, string>(),
    };
}

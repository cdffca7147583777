using Slipway.Docker.BaseImages;

namespace Slipway.Contract.Tests.BaseImages;

public sealed class HostSettingsTests
{
    [Fact]
    public void A_mirror_is_read_from_both_forms_of_apts_sources_and_third_parties_are_not()
    {
        var sources = DebianSources.Parse(
        [
            "# comment\ndeb [arch=amd64] https://packages.example.com/apt nodistro main\ndeb http://mirror.example/debian bookworm main contrib\n",
            "Types: deb\nURIs: http://mirror.example/debian-security/\nSuites: bookworm-security\nComponents: main\n\nEnabled: no\nTypes: deb\nURIs: http://off.example/debian\nSuites: sid\n",
        ]);

        Assert.Equal(new DebianSources("http://mirror.example/debian", "http://mirror.example/debian-security"), sources);
        Assert.Equal("deb http://mirror.example/debian-security bookworm-security main", sources.For("bookworm")[2]);
    }

    [Fact]
    public void A_host_that_is_not_Debian_gets_Debians_own_mirror() =>
        Assert.Equal(DebianSources.Default, DebianSources.Parse(["deb http://archive.example/ubuntu noble main\n"]));

    [Fact]
    public void The_environment_names_the_registry_before_the_users_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "fund=false\nregistry = https://npm.example/here\n");

            Assert.Equal("https://npm.example/here/", NpmRegistryAddress.Resolve(null, [file]).AbsoluteUri);
            Assert.Equal("https://other.example/", NpmRegistryAddress.Resolve("https://other.example/", [file]).AbsoluteUri);
            Assert.Equal("registry.npmjs.org", NpmRegistryAddress.Resolve(null, ["/nowhere/.npmrc"]).Host);
        }
        finally
        {
            File.Delete(file);
        }
    }
}

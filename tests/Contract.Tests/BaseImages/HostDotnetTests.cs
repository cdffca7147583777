using Slipway.Core.Pipeline.Planning;
using Slipway.Docker.BaseImages;

namespace Slipway.Contract.Tests.BaseImages;

public sealed class HostDotnetTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("slipway-dotnet-").FullName;

    [Fact]
    public void The_newest_that_the_tag_allows_is_packed_with_what_it_stands_on()
    {
        Installed("shared/Microsoft.NETCore.App/10.0.9", "shared/Microsoft.NETCore.App/10.0.12", "shared/Microsoft.AspNetCore.App/10.0.9", "shared/Microsoft.AspNetCore.App/10.0.12", "sdk/10.0.401");

        var aspnet = HostDotnet.Find(BaseImageKind.DotnetAspNet, "10.0", [_root]);
        Assert.Equal("10.0.12", aspnet.Version);
        Assert.Equal(["host", "shared/Microsoft.NETCore.App/10.0.12", "shared/Microsoft.AspNetCore.App/10.0.12"], aspnet.Folders);
        Assert.Equal(["host", "sdk/10.0.401", "shared"], HostDotnet.Find(BaseImageKind.DotnetSdk, "10.0", [_root]).Folders);
    }

    [Theory]
    [InlineData("8.0")]
    [InlineData("1")]
    [InlineData("10.0.99")]
    public void A_version_that_is_not_here_is_said(string wanted)
    {
        Installed("shared/Microsoft.NETCore.App/10.0.12");
        Assert.Contains(wanted, Assert.Throws<NotOnThisHostException>(() => HostDotnet.Find(BaseImageKind.DotnetRuntime, wanted, [_root])).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Installed(params string[] folders)
    {
        File.WriteAllText(Path.Combine(_root, "dotnet"), "");
        foreach (var folder in folders) Directory.CreateDirectory(Path.Combine(_root, folder));
    }
}

using Slipway.Core;
using Slipway.Server.Hosting;
using Slipway.Server.Roles;

namespace Server.Tests;

public sealed class FirewallRoleTests
{
    [Fact]
    public async Task A_fence_that_was_switched_off_is_no_failed_unit()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-fence-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "settings.json"), """{ "Slipway": { "Host": { "Firewall": false } } }""", TestContext.Current.CancellationToken);
            Assert.Equal(0, await FirewallRole.RunAsync(HomeFolder.Open(new SlipwayHome(folder.FullName)), []));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

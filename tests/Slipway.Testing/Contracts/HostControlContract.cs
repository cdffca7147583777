using System.Net;
using System.Security.Cryptography;
using Slipway.Core.Hosting;

namespace Slipway.Testing.Contracts;

/// <summary>What every host control must do, whatever it is made of. Its rules fence devices that do not exist, so a host goes on undisturbed.</summary>
public abstract class HostControlContract : IAsyncLifetime
{
    private readonly string _home = NewHome();
    private readonly string _otherHome = NewHome();

    protected abstract IHostControl Host { get; }

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The home's table as it is in force; null when there is none.</summary>
    protected abstract Task<string?> TableAsync(string homeId);

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Host.RemoveFirewallAsync(_home, default);
        await Host.RemoveFirewallAsync(_otherHome, default);
    }

    [Fact]
    public async Task Applied_rules_are_in_force()
    {
        var status = await Host.ApplyFirewallAsync(Rules(_home), Ct);

        Assert.IsType<FirewallStatus.Enforced>(status);
        Assert.Equal(status, await Host.StatusAsync(_home, Ct));
        Assert.Contains("192.168.44.1", await TableAsync(_home), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Applying_twice_changes_nothing()
    {
        await Host.ApplyFirewallAsync(Rules(_home), Ct);
        var before = await TableAsync(_home);

        Assert.IsType<FirewallStatus.Enforced>(await Host.ApplyFirewallAsync(Rules(_home), Ct));

        Assert.Equal(before, await TableAsync(_home));
    }

    [Fact]
    public async Task Rules_without_anything_allowed_are_rules_too()
    {
        var bare = new FirewallRules { HomeId = _home, FencedInterfaces = [] };

        Assert.IsType<FirewallStatus.Enforced>(await Host.ApplyFirewallAsync(bare, Ct));
    }

    [Fact]
    public async Task New_rules_replace_the_old()
    {
        await Host.ApplyFirewallAsync(Rules(_home), Ct);

        await Host.ApplyFirewallAsync(Rules(_home) with { Allowed = [new(IPAddress.Parse("192.168.44.9"), 8081)] }, Ct);

        var table = await TableAsync(_home);
        Assert.Contains("192.168.44.9", table, StringComparison.Ordinal);
        Assert.DoesNotContain("192.168.44.1 ", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removed_table_is_gone_and_removing_again_is_fine()
    {
        await Host.ApplyFirewallAsync(Rules(_home), Ct);

        await Host.RemoveFirewallAsync(_home, Ct);
        await Host.RemoveFirewallAsync(_home, Ct);

        Assert.IsType<FirewallStatus.NotEnforced>(await Host.StatusAsync(_home, Ct));
        Assert.Null(await TableAsync(_home));
    }

    [Fact]
    public async Task Homes_have_tables_of_their_own()
    {
        await Host.ApplyFirewallAsync(Rules(_home), Ct);
        await Host.ApplyFirewallAsync(Rules(_otherHome), Ct);

        await Host.RemoveFirewallAsync(_otherHome, Ct);

        Assert.IsType<FirewallStatus.Enforced>(await Host.StatusAsync(_home, Ct));
    }

    [Fact]
    public async Task Text_that_is_no_name_never_reaches_the_host()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Host.ApplyFirewallAsync(Rules(_home) with { FencedInterfaces = ["x\" } ; flush ruleset"] }, Ct));

        Assert.IsType<FirewallStatus.NotEnforced>(await Host.StatusAsync(_home, Ct));
    }

    [Fact]
    public async Task Rules_of_the_host_fence_builds_and_apps()
    {
        var rules = await Host.RulesOfHostAsync(_home, Ct);

        Assert.Equal(_home, rules.HomeId);
        Assert.Equal([FirewallRules.DefaultBridge, new HomeNames(_home).ServeDevice], rules.FencedInterfaces);
        Assert.Empty(rules.Others);
    }

    private static string NewHome() => RandomNumberGenerator.GetHexString(8, lowercase: true);

    private static FirewallRules Rules(string home) => new()
    {
        HomeId = home,
        FencedInterfaces = ["slp-none-a", "slp-none-b"],
        SharedInterface = "slp-none-a",
        Nameservers = [IPAddress.Parse("192.168.44.53")],
        Allowed = [new(IPAddress.Parse("192.168.44.1"), 8081), new(IPAddress.Parse("192.168.44.1"), 8082)],
        Others = [IPAddress.Parse("192.168.44.77")],
    };
}

using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Host;

namespace Slipway.Contract.Tests.Hosting;

/// <summary>A host that lets us set its firewall.</summary>
internal static class RootHost
{
    public static NftablesControl Control()
    {
        var options = Microsoft.Extensions.Options.Options.Create(new HostOptions());
        return new(
            new HostNetwork(options, TimeProvider.System, NullLogger<HostNetwork>.Instance), new FenceTrial(TimeProvider.System), options, TimeProvider.System, NullLogger<NftablesControl>.Instance);
    }

    // On the machine that decides, a missing part is a failure, never a skip.
    public static void Require() => Assert.SkipUnless(
        Environment.GetEnvironmentVariable("CI") == "true" || (Environment.IsPrivilegedProcess && HostCommand.Find("nft") is not null),
        "Needs root and nft (apt-get install nftables).");

    public static string Program(string name) => HostCommand.Find(name) ?? throw new InvalidOperationException($"{name} is not installed.");

    public static async Task RunAsync(string program, params string[] arguments)
    {
        var result = await HostCommand.RunAsync(Program(program), arguments, "", TimeSpan.FromSeconds(20), TimeProvider.System, default);
        Assert.True(result.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {result.Errors}");
    }
}

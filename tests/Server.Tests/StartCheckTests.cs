using Slipway.Core;
using Slipway.Home;
using Slipway.Server.Hosting.Starting;

namespace Server.Tests;

public sealed class StartCheckTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("slipway-check-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task All_that_is_missing_is_told_at_once()
    {
        await File.WriteAllTextAsync(Path.Combine(_home, "settings.json"), """
            {"Slipway": {"Store": {"PasswordFile": "/nowhere/db"}, "Nats": {"PasswordFile": "/nowhere/nats"}, "Edge": {"MetricsTokenFile": "/nowhere/edge"}}}
            """, TestContext.Current.CancellationToken);
        File.WriteAllText(Path.Combine(_home, "run"), "in the way");
        var said = (await Assert.ThrowsAsync<SettingsException>(() => Check("api"))).Message;
        Assert.Contains($"the run folder {_home}/run may not be written", said, StringComparison.Ordinal);
        foreach (var key in new[] { "Store:PasswordFile", "Nats:PasswordFile", "Edge:MetricsTokenFile" }) Assert.Contains($"Slipway:{key}: there is no /nowhere/", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("edge", "Edge:MetricsTokenFile")]
    [InlineData("worker", "Nats:PasswordFile")]
    [InlineData("backup", "Store:PasswordFile")]
    public async Task A_role_asks_for_its_own_secrets_only(string role, string own)
    {
        await File.WriteAllTextAsync(Path.Combine(_home, "settings.json"), """
            {"Slipway": {"Store": {"PasswordFile": "/nowhere/db"}, "Nats": {"PasswordFile": "/nowhere/nats"}, "Edge": {"MetricsTokenFile": "/nowhere/edge"}}}
            """, TestContext.Current.CancellationToken);
        var said = (await Assert.ThrowsAsync<SettingsException>(() => Check(role))).Message.Split('\n');
        Assert.StartsWith($"Slipway:{own}: there is no ", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_the_first_start_makes_is_not_missing()
    {
        await File.WriteAllTextAsync(Path.Combine(_home, "settings.json"), """{"Slipway": {"Store": {"MasterKeyFile": "/nowhere/yet"}}}""", TestContext.Current.CancellationToken);
        await Check("backup");
    }

    private Task Check(string role) => StartCheck.RunAsync(new SlipwayHome(_home), [role], TestContext.Current.CancellationToken);
}

namespace EndToEnd.Tests;

/// <summary>A home whose engine is a test's own, with a small disk.</summary>
internal sealed class OwnEngineInstallation(OwnEngine engine) : Installation(new Dictionary<string, string>
{
    ["DOCKER_HOST"] = engine.Host,
    ["Slipway__Host__BuildInterface"] = engine.Bridge,
    ["Slipway__Host__BuildCgroup"] = engine.Cgroup,
    ["Slipway__Docker__ServeSubnet"] = $"10.215.{System.Security.Cryptography.RandomNumberGenerator.GetInt32(256)}.0/24",
    ["Slipway__Pipeline__Concurrency"] = "3",
    ["Slipway__Build__DiskReserveMegabytes"] = "400",
});

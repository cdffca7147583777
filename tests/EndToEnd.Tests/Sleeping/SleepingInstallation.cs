namespace EndToEnd.Tests.Sleeping;

/// <summary>A Slipway whose idle apps fall asleep within seconds.</summary>
public sealed class SleepingInstallation() : Installation(new Dictionary<string, string>
{
    ["Slipway__Sleep__After"] = "00:00:02",
    ["Slipway__Sleep__LookEvery"] = "00:00:00.25",
    ["Slipway__Edge__WaitForWake"] = "00:00:04",
    ["Slipway__Storage__KeepDeployments"] = "9",
});

/// <summary>One that puts an app to sleep as soon as it had no request for an instant.</summary>
public sealed class DrowsyInstallation() : Installation(new Dictionary<string, string>
{
    ["Slipway__Sleep__After"] = "00:00:00.020",
    ["Slipway__Sleep__LookEvery"] = "00:00:00.005",
});

/// <summary>Room for hundreds of previews, which stop when the story says so.</summary>
public sealed class CrowdedInstallation() : Installation(new Dictionary<string, string>
{
    ["Slipway__Sleep__After"] = "00:00:04",
    ["Slipway__Sleep__LookEvery"] = "00:00:01",
    ["Slipway__Storage__KeepDeployments"] = "1000",
});

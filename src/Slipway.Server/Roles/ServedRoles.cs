namespace Slipway.Server.Roles;

/// <summary>Which roles this process has, for people.</summary>
internal sealed record ServedRoles(string Text)
{
    public const string All = "api, worker, runtime, dashboard";
}

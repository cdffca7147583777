namespace Slipway.Core.Auditing;

/// <summary>What is written down when it is done, as the API says it.</summary>
public static class AuditAction
{
    /// <summary>A command in an instance.</summary>
    public const string Exec = "exec";

    public const string WayOpen = "way.open";
    public const string WayClose = "way.close";
    public const string VolumeAdd = "volume.add";
    public const string VolumeRemove = "volume.remove";

    /// <summary>A password for visitors, or the hosts that ask for it.</summary>
    public const string ProtectionSet = "protection.set";
    public const string ProtectionRemove = "protection.remove";
    public const string EnvironmentSet = "env.set";
    public const string EnvironmentRemove = "env.remove";

    /// <summary>Moves of the production pointer, and the release of a rollback's pin.</summary>
    public const string Promote = "production.promote";
    public const string Rollback = "production.rollback";
    public const string PinRelease = "production.release";
    public const string DomainAdd = "domain.add";
    public const string DomainRemove = "domain.remove";
    public const string ProjectRemove = "project.remove";
}

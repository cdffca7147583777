namespace Slipway.Core.Certificates;

public enum CertificateState
{
    /// <summary>It has none, and none is fetched.</summary>
    None,

    /// <summary>A person put it there.</summary>
    File,

    /// <summary>It is about to be asked for, or being asked for just now.</summary>
    Asked,

    /// <summary>It is to be asked for when the limit of an hour or a day allows.</summary>
    Waiting,

    /// <summary>Fetched, and valid.</summary>
    Valid,

    /// <summary>It has none, for the reason that stands there.</summary>
    Failed,
}

/// <summary>How it stands with one host's certificate.</summary>
/// <param name="ValidUntil">The end of the one that is shown; null: none.</param>
/// <param name="Failure">Why there is none, or why it was not renewed.</param>
/// <param name="AgainAt">When it is asked for again.</param>
public sealed record CertificateStatus(string Name, CertificateState State, DateTimeOffset? ValidUntil = null, Failure? Failure = null, DateTimeOffset? AgainAt = null);

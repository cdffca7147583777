namespace Slipway.Core.Access;

/// <summary>A key to the API, without the key.</summary>
/// <param name="Name">What a person calls it.</param>
/// <param name="LastUsedAt">To the minute; null when it never was.</param>
/// <param name="ExpiresAt">Null: never.</param>
public sealed record ApiToken(CredentialHash Hash, TeamId Team, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt = null, DateTimeOffset? ExpiresAt = null);

/// <summary>Opens the dashboard once.</summary>
public sealed record LoginLink(CredentialHash Hash, TeamId Team, DateTimeOffset ExpiresAt);

/// <summary>A signed-in browser.</summary>
public sealed record Session(CredentialHash Hash, TeamId Team, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>
/// Who may come in. Finding, redeeming and revoking work in any <see cref="Tenancy.TeamScope"/> or none, for their answer is what
/// decides the scope, and the hash is the proof; creating needs the row's team in scope.
/// </summary>
public interface IAccessStore
{
    /// <summary>Idempotent by hash.</summary>
    Task CreateTokenAsync(ApiToken token, CancellationToken ct);

    /// <summary>Null when unknown or expired; notes that it was used.</summary>
    Task<ApiToken?> FindTokenAsync(CredentialHash hash, DateTimeOffset now, CancellationToken ct);

    Task CreateLinkAsync(LoginLink link, CancellationToken ct);

    /// <summary>The link's team, for the first call before it expires; null ever after.</summary>
    Task<TeamId?> RedeemLinkAsync(CredentialHash hash, DateTimeOffset now, CancellationToken ct);

    Task CreateSessionAsync(Session session, CancellationToken ct);

    /// <summary>Null when unknown or expired.</summary>
    Task<Session?> FindSessionAsync(CredentialHash hash, DateTimeOffset now, CancellationToken ct);

    /// <summary>Ends the token, link or session with this hash; false when there is none.</summary>
    Task<bool> RevokeAsync(CredentialHash hash, CancellationToken ct);
}

namespace Slipway.Core.Pipeline.Sourcing;

/// <summary>Tokens for private repositories.</summary>
public interface IGitCredentials
{
    /// <summary>A token for this host, sent as the password of user <c>x-access-token</c>; null: anonymous.</summary>
    Task<Secret?> TokenForAsync(GitUrl url, CancellationToken ct);
}

/// <summary>Public repositories only.</summary>
public sealed class NoGitCredentials : IGitCredentials
{
    public Task<Secret?> TokenForAsync(GitUrl url, CancellationToken ct) => Task.FromResult<Secret?>(null);
}

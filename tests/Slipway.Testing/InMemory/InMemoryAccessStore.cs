using Slipway.Core;
using Slipway.Core.Access;

namespace Slipway.Testing.InMemory;

public sealed class InMemoryAccessStore : IAccessStore
{
    private static readonly TimeSpan LastUsedPrecision = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<CredentialHash, ApiToken> _tokens = [];
    private readonly Dictionary<CredentialHash, LoginLink> _links = [];
    private readonly Dictionary<CredentialHash, Session> _sessions = [];

    public Task CreateTokenAsync(ApiToken token, CancellationToken ct)
    {
        Scopes.Demand(token.Team);
        lock (_gate) _tokens.TryAdd(token.Hash, token);
        return Task.CompletedTask;
    }

    public Task<ApiToken?> FindTokenAsync(CredentialHash hash, DateTimeOffset now, CancellationToken ct)
    {
        lock (_gate)
        {
            if (!_tokens.TryGetValue(hash, out var token) || token.ExpiresAt <= now) return Task.FromResult<ApiToken?>(null);
            if (token.LastUsedAt is not { } last || now - last >= LastUsedPrecision) _tokens[hash] = token = token with { LastUsedAt = now };
            return Task.FromResult<ApiToken?>(token);
        }
    }

    public Task CreateLinkAsync(LoginLink link, CancellationToken ct)
    {
        Scopes.Demand(link.Team);
        lock (_gate) _links.Add(link.Hash, link);
        return Task.CompletedTask;
    }

    public Task<TeamId?> RedeemLinkAsync(CredentialHash hash, DateTimeOffset now, CancellationToken ct)
    {
        lock (_gate) return Task.FromResult(_links.Remove(hash, out var link) && link.ExpiresAt > now ? link.Team : (TeamId?)null);
    }

    public Task CreateSessionAsync(Session session, CancellationToken ct)
    {
        Scopes.Demand(session.Team);
        lock (_gate) _sessions.Add(session.Hash, session);
        return Task.CompletedTask;
    }

    public Task<Session?> FindSessionAsync(CredentialHash hash, DateTimeOffset now, CancellationToken ct)
    {
        lock (_gate) return Task.FromResult(_sessions.TryGetValue(hash, out var session) && session.ExpiresAt > now ? session : null);
    }

    public Task<bool> RevokeAsync(CredentialHash hash, CancellationToken ct)
    {
        lock (_gate) return Task.FromResult(_tokens.Remove(hash) | _links.Remove(hash) | _sessions.Remove(hash));
    }
}

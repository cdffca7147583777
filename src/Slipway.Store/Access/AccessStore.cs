using Microsoft.EntityFrameworkCore;
using Slipway.Core;
using Slipway.Core.Access;
using Slipway.Store.Database;

namespace Slipway.Store.Access;

/// <summary>Looks past the team filter wherever a hash is given: knowing the secret is what proves the team.</summary>
internal sealed class AccessStore(StoreFile file, TimeProvider time) : IAccessStore
{
    /// <summary>A write for every request would cost more than the knowledge is worth.</summary>
    private static readonly TimeSpan LastUsedPrecision = TimeSpan.FromMinutes(1);

    public Task CreateTokenAsync(ApiToken token, CancellationToken ct)
    {
        TeamRows.DemandScope(token.Team);
        return file.WriteAsync(async db =>
        {
            if (await db.ApiTokens.OfEveryTeam().AnyAsync(t => t.Hash == token.Hash.Hex, ct)) return false;
            db.ApiTokens.Add(ApiTokenRow.From(token));
            return await db.SaveChangesAsync(ct) == 1;
        }, ct);
    }

    public async Task<ApiToken?> FindTokenAsync(CredentialHash hash, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = file.Read();
        var row = await db.ApiTokens.OfEveryTeam().SingleOrDefaultAsync(t => t.Hash == hash.Hex && (t.ExpiresAt == null || t.ExpiresAt > now), ct);
        if (row is null) return null;
        if (row.LastUsedAt is { } last && now - last < LastUsedPrecision) return row.ToToken(hash);
        await file.WriteAsync(writing => writing.ApiTokens.OfEveryTeam().Where(t => t.Hash == hash.Hex)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsedAt, now), ct), ct);
        return row.ToToken(hash) with { LastUsedAt = now };
    }

    public Task CreateLinkAsync(LoginLink link, CancellationToken ct)
    {
        TeamRows.DemandScope(link.Team);
        return file.WriteAsync(async db =>
        {
            await ForgetExpiredAsync(db, ct);
            db.LoginLinks.Add(new LoginLinkRow { Hash = link.Hash.Hex, TeamId = link.Team, ExpiresAt = link.ExpiresAt });
            return await db.SaveChangesAsync(ct);
        }, ct);
    }

    public Task<TeamId?> RedeemLinkAsync(CredentialHash hash, DateTimeOffset now, CancellationToken ct) =>
        file.WriteAsync(async db =>
        {
            var open = db.LoginLinks.OfEveryTeam().Where(l => l.Hash == hash.Hex && l.UsedAt == null && l.ExpiresAt > now);
            var team = await open.Select(l => (TeamId?)l.TeamId).SingleOrDefaultAsync(ct);
            return await open.ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), ct) == 1 ? team : null;
        }, ct);

    public Task CreateSessionAsync(Session session, CancellationToken ct)
    {
        TeamRows.DemandScope(session.Team);
        return file.WriteAsync(async db =>
        {
            await ForgetExpiredAsync(db, ct);
            db.Sessions.Add(new SessionRow { Hash = session.Hash.Hex, TeamId = session.Team, CreatedAt = session.CreatedAt, ExpiresAt = session.ExpiresAt });
            return await db.SaveChangesAsync(ct);
        }, ct);
    }

    public async Task<Session?> FindSessionAsync(CredentialHash hash, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = file.Read();
        return (await db.Sessions.OfEveryTeam().SingleOrDefaultAsync(s => s.Hash == hash.Hex && s.ExpiresAt > now, ct))?.ToSession(hash);
    }

    public Task<bool> RevokeAsync(CredentialHash hash, CancellationToken ct) =>
        file.WriteAsync(async db =>
            await db.ApiTokens.OfEveryTeam().Where(t => t.Hash == hash.Hex).ExecuteDeleteAsync(ct) +
            await db.LoginLinks.OfEveryTeam().Where(l => l.Hash == hash.Hex).ExecuteDeleteAsync(ct) +
            await db.Sessions.OfEveryTeam().Where(s => s.Hash == hash.Hex).ExecuteDeleteAsync(ct) > 0, ct);

    /// <summary>The two tables stay as small as what is valid; every team's, for this is housekeeping.</summary>
    private async Task ForgetExpiredAsync(SlipwayDb db, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await db.LoginLinks.OfEveryTeam().Where(l => l.ExpiresAt <= now).ExecuteDeleteAsync(ct);
        await db.Sessions.OfEveryTeam().Where(s => s.ExpiresAt <= now).ExecuteDeleteAsync(ct);
    }
}

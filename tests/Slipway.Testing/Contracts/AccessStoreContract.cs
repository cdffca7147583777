using Slipway.Core;
using Slipway.Core.Access;
using Slipway.Core.Tenancy;

namespace Slipway.Testing.Contracts;

public abstract class AccessStoreContract : StoreContract
{
    private IAccessStore Access => Store.Access;

    private DateTimeOffset Now => Time.GetUtcNow();

    [Fact]
    public async Task A_token_is_found_by_its_hash_in_any_scope_and_remembers_its_last_use()
    {
        var token = new ApiToken(Hash("t"), OtherTeam, "laptop", Now);
        using (TeamScope.EnterSystem())
        {
            await Access.CreateTokenAsync(token, Ct);
            await Access.CreateTokenAsync(token with { Name = "again" }, Ct);
        }

        Assert.Equal(token with { LastUsedAt = Now }, await Access.FindTokenAsync(token.Hash, Now, Ct));
        var first = Now;
        Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(first, (await Access.FindTokenAsync(token.Hash, Now, Ct))?.LastUsedAt);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Now, (await Access.FindTokenAsync(token.Hash, Now, Ct))?.LastUsedAt);
        Assert.Null(await Access.FindTokenAsync(Hash("other"), Now, Ct));
    }

    [Fact]
    public async Task An_expired_or_revoked_token_opens_nothing()
    {
        using var scope = TeamScope.Enter(OurTeam);
        await Access.CreateTokenAsync(new ApiToken(Hash("short"), OurTeam, "ci", Now, ExpiresAt: Now.AddHours(1)), Ct);
        await Access.CreateTokenAsync(new ApiToken(Hash("revoked"), OurTeam, "old", Now), Ct);
        Assert.NotNull(await Access.FindTokenAsync(Hash("short"), Now.AddMinutes(59), Ct));
        Assert.Null(await Access.FindTokenAsync(Hash("short"), Now.AddHours(1), Ct));
        Assert.True(await Access.RevokeAsync(Hash("revoked"), Ct));
        Assert.False(await Access.RevokeAsync(Hash("revoked"), Ct));
        Assert.Null(await Access.FindTokenAsync(Hash("revoked"), Now, Ct));
    }

    [Fact]
    public async Task A_link_opens_once_also_when_many_try_at_once()
    {
        using (TeamScope.Enter(OurTeam)) await Access.CreateLinkAsync(new LoginLink(Hash("l"), OurTeam, Now.AddMinutes(10)), Ct);
        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Access.RedeemLinkAsync(Hash("l"), Now, Ct)))).Soon();
        Assert.Equal(OurTeam, Assert.Single(tries, team => team is not null));
        Assert.Null(await Access.RedeemLinkAsync(Hash("l"), Now, Ct));
        Assert.Null(await Access.RedeemLinkAsync(Hash("unknown"), Now, Ct));
    }

    [Fact]
    public async Task An_expired_link_opens_nothing()
    {
        using var scope = TeamScope.Enter(OurTeam);
        await Access.CreateLinkAsync(new LoginLink(Hash("l"), OurTeam, Now.AddMinutes(10)), Ct);
        Assert.Null(await Access.RedeemLinkAsync(Hash("l"), Now.AddMinutes(10), Ct));
    }

    [Fact]
    public async Task A_session_lasts_until_it_expires_or_is_revoked()
    {
        var session = new Session(Hash("s"), OurTeam, Now, Now.AddDays(7));
        using (TeamScope.Enter(OurTeam)) await Access.CreateSessionAsync(session, Ct);
        Assert.Equal(session, await Access.FindSessionAsync(session.Hash, Now, Ct));
        Assert.Null(await Access.FindSessionAsync(session.Hash, Now.AddDays(7), Ct));
        Assert.True(await Access.RevokeAsync(session.Hash, Ct));
        Assert.Null(await Access.FindSessionAsync(session.Hash, Now, Ct));
    }

    [Fact]
    public async Task Making_a_key_to_another_team_is_our_bug_and_throws()
    {
        using var scope = TeamScope.Enter(OurTeam);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Access.CreateTokenAsync(new ApiToken(Hash("t"), OtherTeam, "x", Now), Ct));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Access.CreateLinkAsync(new LoginLink(Hash("l"), OtherTeam, Now.AddDays(1)), Ct));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Access.CreateSessionAsync(new Session(Hash("s"), OtherTeam, Now, Now.AddDays(1)), Ct));
    }

    private static CredentialHash Hash(string secret) => CredentialHash.Of(new Secret(secret));
}

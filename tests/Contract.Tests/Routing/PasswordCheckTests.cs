using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Time.Testing;
using Slipway.Edge.Passwords;

namespace Contract.Tests.Routing;

/// <summary>The bounds around passwords: how many, how often, how long.</summary>
public sealed class PasswordCheckTests
{
    private static readonly IPAddress Somebody = IPAddress.Parse("192.0.2.1");
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_at_once_are_looked_at_one_by_one_and_those_beyond_the_queue_are_not()
    {
        using var check = new PasswordCheck(new Attempts(1000, _time));
        var hash = new PasswordHasher<object>().HashPassword(new object(), "the password");

        var all = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => check.CheckAsync(hash, $"wrong {i}", Somebody, Ct).AsTask()));

        Assert.Contains(PasswordVerdict.Busy, all);
        Assert.All(all, verdict => Assert.True(verdict is PasswordVerdict.Busy or PasswordVerdict.Wrong));
        Assert.Equal(PasswordVerdict.Right, await check.CheckAsync(hash, "the password", Somebody, Ct));
        Assert.Equal((true, false, 200L), (check.IsKnown(hash, "the password"), check.IsKnown(hash, "wrong 1"), check.Refused));
    }

    [Fact]
    public void An_address_has_its_tries_again_after_the_window_and_others_have_their_own()
    {
        var attempts = new Attempts(2, _time);
        Assert.True(attempts.TryTake(Somebody, "a") && attempts.TryTake(IPAddress.Parse("::ffff:192.0.2.1"), "a"));
        Assert.False(attempts.TryTake(Somebody, "a"));
        Assert.True(attempts.TryTake(Somebody, "b"));
        Assert.True(attempts.TryTake(IPAddress.Parse("192.0.2.2"), "a"));

        // A household's addresses of IPv6 count as one.
        Assert.True(attempts.TryTake(IPAddress.Parse("2001:db8::1"), "a") && attempts.TryTake(IPAddress.Parse("2001:db8::2"), "a"));
        Assert.False(attempts.TryTake(IPAddress.Parse("2001:db8::3"), "a"));

        attempts.GiveBack(Somebody, "a");
        Assert.True(attempts.TryTake(Somebody, "a"));
        _time.Advance(Attempts.Window);
        Assert.True(attempts.TryTake(Somebody, "a"));
    }

    [Fact]
    public void Ever_new_addresses_take_no_more_memory_than_so_much()
    {
        var attempts = new Attempts(1, _time);
        for (var i = 0; i < 30_000; i++) Assert.True(attempts.TryTake(new IPAddress(i), "a"));
    }

    [Fact]
    public void A_cookie_ends_with_its_lifetime_and_is_for_tls_only_where_it_came_by_tls()
    {
        var cookies = new VisitorCookies(TimeSpan.FromHours(1), _time);
        var context = new DefaultHttpContext { Request = { Host = new HostString("app.test"), IsHttps = true } };
        cookies.Issue(context, "hash");
        var set = context.Response.Headers.SetCookie.ToString();
        Assert.Contains("secure", set, StringComparison.OrdinalIgnoreCase);
        context.Request.Headers.Cookie = set.Split(';')[0];

        Assert.True(cookies.Admits(context.Request, "hash"));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(cookies.Admits(context.Request, "hash"));
    }
}

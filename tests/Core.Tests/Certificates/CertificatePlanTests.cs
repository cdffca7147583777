using Slipway.Core;
using Slipway.Core.Certificates;
using Slipway.Core.Pipeline.Routing;

namespace Core.Tests.Certificates;

public class CertificatePlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly AcmeOptions Options = new() { Email = "you@example.com", AgreeToTerms = true, PerHour = 3, PerDay = 5 };
    private static readonly Failure Unproved = new(CertificateFailures.NotProved, "no answer", "point it here");

    [Fact]
    public void What_has_none_is_asked_for_and_what_a_person_put_there_is_left_alone()
    {
        var plan = Compute(["a.test", "b.test", "c.test"], [Held(["b.test"], 1, isOwn: true), Held(["c.test"], 60)]);
        Assert.Equal("a.test", plan.Next);
        Assert.Equal([("a.test", CertificateState.Asked), ("b.test", CertificateState.File), ("c.test", CertificateState.Valid)], plan.Statuses.Select(s => (s.Name, s.State)));
        // A person's is his to renew; ours when a third of its 90 days is left.
        Assert.Equal(Now.AddDays(30), plan.At);
    }

    [Fact]
    public void A_certificate_is_renewed_when_a_third_of_its_life_is_left_and_shown_as_valid_meanwhile()
    {
        Assert.Null(Compute(["a.test"], [Held(["a.test"], 31)]).Next);
        var due = Compute(["a.test"], [Held(["a.test"], 29)]);
        Assert.Equal(("a.test", CertificateState.Valid, Now.AddDays(29)), (due.Next, due.Statuses[0].State, due.Statuses[0].ValidUntil));
        var refused = Compute(["a.test"], [Held(["a.test"], 29)], CertificateLedger.Empty.WithRefused("a.test", Unproved, Options, Now));
        Assert.Equal((null, CertificateState.Valid, Unproved, Now + Options.RetryAfter), (refused.Next, refused.Statuses[0].State, refused.Statuses[0].Failure, refused.Statuses[0].AgainAt));
        Assert.Equal("a.test", Compute(["a.test"], [Held(["a.test"], -1)]).Next);
    }

    [Fact]
    public void A_certificate_for_trying_it_out_is_replaced_by_a_real_one_and_shown_until_then()
    {
        var tried = CertificateLedger.Empty.WithObtained("a.test", new AcmeOptions { Directory = AcmeOptions.LetsEncryptStaging });
        var plan = Compute(["a.test", "b.test"], [Held(["a.test"], 80), Held(["b.test"], 80)], tried);
        Assert.Equal(("a.test", CertificateState.Valid), (plan.Next, plan.Statuses[0].State));
        Assert.Null(Compute(["a.test"], [Held(["a.test"], 80)], tried.WithObtained("a.test", Options)).Next);
    }

    [Fact]
    public void What_is_about_to_end_goes_before_what_is_new_and_that_before_what_has_time()
    {
        HeldCertificate[] held = [Held(["has-time.test"], 29), Held(["ends.test"], 3)];
        Assert.Equal("ends.test", Compute(["has-time.test", "ends.test", "new.test"], held).Next);
        Assert.Equal("new.test", Compute(["has-time.test", "new.test"], held).Next);
        var refused = CertificateLedger.Empty.WithRefused("a-new.test", Unproved, Options, Now.AddHours(-1));
        Assert.Equal("z-new.test", Compute(["a-new.test", "z-new.test"], [], refused).Next);
    }

    [Fact]
    public void No_more_are_asked_for_than_the_limits_allow()
    {
        var ledger = CertificateLedger.Empty.WithAsked(Now.AddMinutes(-50)).WithAsked(Now.AddMinutes(-10)).WithAsked(Now);
        var plan = Compute(["a.test"], [], ledger);
        Assert.Equal((null, Now.AddMinutes(10)), (plan.Next, plan.At));
        Assert.Equal((CertificateState.Waiting, Now.AddMinutes(10)), (plan.Statuses[0].State, plan.Statuses[0].AgainAt));
        Assert.Equal("a.test", CertificatePlan.Compute(["a.test"], HeldCertificates.None, ledger, Options, Now.AddMinutes(10)).Next);

        // An authority that is away was asked nothing.
        Assert.Equal(2, ledger.WithRefused("a.test", new Failure(CertificateFailures.AuthorityAway, ""), Options, Now).Asked.Count);
        Assert.Equal(3, ledger.WithRefused("a.test", Unproved, Options, Now).Asked.Count);

        for (var hour = 1; hour <= 2; hour++) ledger = ledger.WithAsked(Now.AddHours(hour * 2));
        Assert.Null(CertificatePlan.Compute(["a.test"], HeldCertificates.None, ledger, Options, Now.AddHours(6)).Next);
        Assert.Equal("a.test", CertificatePlan.Compute(["a.test"], HeldCertificates.None, ledger, Options, Now.AddHours(24)).Next);
    }

    [Fact]
    public void A_refusal_doubles_the_wait_up_to_the_longest_and_another_reason_begins_anew()
    {
        var (ledger, waits) = (CertificateLedger.Empty, new List<double>());
        for (var i = 0; i < 40; i++)
        {
            ledger = ledger.WithRefused("a.test", Unproved, Options, Now);
            waits.Add((ledger.Refused["a.test"].AgainAt - Now).TotalMinutes);
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 320, 640, 720, 720], waits.Take(10));
        Assert.Equal(720, waits[^1]);
        ledger = ledger.WithRefused("a.test", Unproved with { Code = CertificateFailures.AuthorityAway }, Options, Now);
        Assert.Equal(Now.AddMinutes(5), ledger.Refused["a.test"].AgainAt);
        // What costs nobody anything is looked at soon; an authority that had enough is left alone.
        ledger = ledger.WithRefused("b.test", new Failure(CertificateFailures.Elsewhere, ""), Options, Now);
        Assert.Equal(Now.AddMinutes(1), ledger.Refused["b.test"].AgainAt);
        for (var i = 0; i < 5; i++) ledger = ledger.WithRefused("b.test", new Failure(CertificateFailures.Elsewhere, ""), Options, Now);
        Assert.Equal(Now.AddMinutes(10), ledger.Refused["b.test"].AgainAt);
        Assert.Equal(Now.AddHours(1), ledger.WithRefused("b.test", new Failure(CertificateFailures.TooOften, ""), Options, Now).Refused["b.test"].AgainAt);
        Assert.DoesNotContain("b.test", ledger.WithObtained("b.test", Options).Refused.Keys);
        // A restart asks no authority again what that refused, and looks anew at all else.
        Assert.Equal(["c.test"], ledger.WithRefused("c.test", Unproved, Options, Now).Restarted().Refused.Keys);
    }

    [Fact]
    public void The_certificate_is_the_one_that_the_edge_shows()
    {
        HeldCertificate[] held = [Held(["*.apps.test"], 80, isOwn: true), Held(["shop.apps.test"], 10), Held(["shop.apps.test"], 20), Held(["old.apps.test"], -1)];
        Assert.Same(held[2], new HeldCertificates(held).Best("shop.apps.test", Now));
        Assert.Same(held[0], new HeldCertificates(held).Best("old.apps.test", Now));
        Assert.Null(new HeldCertificates(held).Best("deep.shop.apps.test", Now));
        Assert.Null(new HeldCertificates(held).Best("apps.test", Now));
        Assert.Same(held[0], new HeldCertificates(held).Best("*.apps.test", Now));
    }

    [Fact]
    public void Only_what_is_served_is_wished_for_and_no_preview()
    {
        Route[] routes =
        [
            Of("shop.example.com"), Of("www.example.com", RouteKind.Redirect), Of("gone.example.com", RouteKind.Ended), Of("shop.apps.test"), Of("shop-git-main.apps.test"),
            Of("0123abcd-preview.apps.test"), Of("my-preview.apps.test"), Of("slipway.apps.test", RouteKind.ControlPlane), Of("shop.localhost"),
        ];
        Assert.Equal(["shop.example.com", "www.example.com", "shop.apps.test", "shop-git-main.apps.test", "my-preview.apps.test", "slipway.apps.test"], CertificateWishes.Of(routes, "apps.test", withWildcard: false, isPublic: true));
        Assert.Equal(["shop.example.com", "www.example.com", "*.apps.test"], CertificateWishes.Of(routes, "apps.test", withWildcard: true, isPublic: true));
        Assert.Equal(["shop.example.com", "www.example.com"], CertificateWishes.Of(routes, "apps.test", withWildcard: true, isPublic: false));
        Assert.Equal(["shop.example.com"], CertificateWishes.Of([Of("shop.example.com"), Of("shop.localhost")], "localhost", withWildcard: true, isPublic: true));

        static Route Of(string host, RouteKind kind = RouteKind.App) => new(host, kind, [], null);
    }

    [Theory]
    [InlineData("", false, "letsencrypt", "", null)]
    [InlineData("you@example.com", true, "letsencrypt-staging", "", null)]
    [InlineData("you@example.com", true, "https://10.0.0.1/dir", "cloudflare", null)]
    [InlineData("you@example.com", false, "letsencrypt", "", "AgreeToTerms is not true")]
    [InlineData("--http", true, "letsencrypt", "", "is no e-mail address")]
    [InlineData("../you@example.com", true, "letsencrypt", "", "is no e-mail address")]
    [InlineData("you@example.com", true, "http://10.0.0.1/dir", "", "https://")]
    [InlineData("you@example.com", true, "letsencrypt", "--path", "lego dnshelp")]
    [InlineData("", true, "letsencrypt", "cloudflare", "but no Slipway:Acme:Email")]
    public void Settings_that_cannot_be_right_are_named(string email, bool agree, string directory, string provider, string? fault)
    {
        var found = new AcmeOptions { Email = email, AgreeToTerms = agree, Directory = directory, DnsProvider = provider }.Fault();
        if (fault is null) Assert.Null(found);
        else Assert.Contains(fault, found, StringComparison.Ordinal);
    }

    private static CertificatePlan Compute(string[] wanted, HeldCertificate[] held, CertificateLedger? ledger = null) => CertificatePlan.Compute(wanted, new HeldCertificates(held), ledger ?? CertificateLedger.Empty, Options, Now);

    private static HeldCertificate Held(string[] names, double daysLeft, bool isOwn = false) => new(names, Now.AddDays(daysLeft - 90), Now.AddDays(daysLeft), isOwn);
}

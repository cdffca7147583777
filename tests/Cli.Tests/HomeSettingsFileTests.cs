using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;
using Slipway.Core;

namespace Slipway.Cli.Tests;

public sealed class HomeSettingsFileTests
{
    [Fact]
    public void What_was_chosen_is_kept_and_what_others_wrote_stays()
    {
        using var folder = new TempFolder();
        folder.Write("settings.json", """{ "Slipway": { "Edge": { "Port": 8081 }, "Sources": { "AllowPrivate": ["10.0.0.1"] } } }""");
        var settings = new HomeSettingsFile(new SlipwayHome(folder.Path));
        Assert.True(settings.Save(true, "1.2.3.4.sslip.io"));
        Assert.False(settings.Save(true, null));
        Assert.False(settings.Save(null, null));
        Assert.Equal((true, "1.2.3.4.sslip.io"), (settings.IsPublic, settings.BaseDomain));
        var text = File.ReadAllText(Path.Combine(folder.Path, "settings.json"));
        Assert.Contains("8081", text, StringComparison.Ordinal);
        Assert.Contains("10.0.0.1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_for_certificates_agrees_to_the_terms_and_stays_until_it_is_changed()
    {
        using var folder = new TempFolder();
        var settings = new HomeSettingsFile(new SlipwayHome(folder.Path));
        Assert.Null(settings.AcmeEmail);
        Assert.True(settings.Save(null, null, "you@example.com"));
        Assert.False(settings.Save(null, null, "you@example.com"));
        Assert.True(settings.Save(true, null));
        Assert.Equal("you@example.com", settings.AcmeEmail);
        Assert.Contains("\"AgreeToTerms\": true", File.ReadAllText(Path.Combine(folder.Path, "settings.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_chosen_writes_nothing()
    {
        using var folder = new TempFolder();
        Assert.False(new HomeSettingsFile(new SlipwayHome(folder.Path)).Save(null, null));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_broken_file_is_named()
    {
        using var folder = new TempFolder();
        folder.Write("settings.json", "{ nope");
        Assert.Equal("settings.invalid", Assert.Throws<CliError>(() => new HomeSettingsFile(new SlipwayHome(folder.Path)).IsPublic).Code);
    }
}

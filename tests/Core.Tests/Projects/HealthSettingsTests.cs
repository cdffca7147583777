using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;

namespace Core.Tests.Projects;

public class HealthSettingsTests
{
    [Theory]
    [InlineData("200", 200, 199)]
    [InlineData("200-399", 399, 400)]
    [InlineData("200, 301-308", 301, 300)]
    [InlineData("100-499", 404, 500)]
    public void A_status_is_one_a_range_or_a_list(string text, int inside, int outside)
    {
        var expected = ExpectedStatus.Parse(text);
        Assert.Equal((true, false), (expected?.Includes(inside), expected?.Includes(outside)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ok")]
    [InlineData("99")]
    [InlineData("600")]
    [InlineData("300-200")]
    [InlineData("200-")]
    [InlineData("200-300-400")]
    [InlineData("200,,204")]
    [InlineData("-200")]
    public void What_names_no_status_is_none(string text) => Assert.Null(ExpectedStatus.Parse(text));

    [Theory]
    [InlineData("/", true)]
    [InlineData("/healthz?full=1", true)]
    [InlineData("", false)]
    [InlineData("healthz", false)]
    [InlineData("//elsewhere", false)]
    [InlineData("/a b", false)]
    [InlineData("/a\r\nHost: b", false)]
    [InlineData("/ü", false)]
    [InlineData("/a#b", false)]
    public void A_path_is_one_that_can_be_asked_for(string path, bool isGood) => Assert.Equal(isGood ? null : "health.path_invalid", HealthSettings.Check(new HealthSettings { Path = path })?.Code);

    [Theory]
    [InlineData(0.1, 1, 0.05, null)]
    [InlineData(300, 3600, 60, null)]
    [InlineData(0.05, 60, 1, "health.timeout_invalid")]
    [InlineData(301, 60, 1, "health.timeout_invalid")]
    [InlineData(5, 0.5, 1, "health.grace_invalid")]
    [InlineData(5, 3601, 1, "health.grace_invalid")]
    [InlineData(5, 60, 0, "health.interval_invalid")]
    [InlineData(5, 60, 61, "health.interval_invalid")]
    public void Times_have_their_bounds(double timeout, double grace, double interval, string? code) => Assert.Equal(code, HealthSettings.Check(
        new HealthSettings { Timeout = TimeSpan.FromSeconds(timeout), Grace = TimeSpan.FromSeconds(grace), Interval = TimeSpan.FromSeconds(interval) })?.Code);

    [Fact]
    public void What_a_project_leaves_open_is_the_installations()
    {
        var check = HealthCheck.Of(new RuntimeOptions { HealthPath = "/up", StartDeadline = TimeSpan.FromMinutes(2) }, new HealthSettings { Status = "204" });
        Assert.Equal(("/up", "204", TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(2), TimeSpan.FromMilliseconds(500)), (check.Path, check.Expected.Text, check.Timeout, check.Grace, check.Interval));
        Assert.Null(HealthCheck.Check(new RuntimeOptions()));
        Assert.Equal("health.status_invalid", HealthCheck.Check(new RuntimeOptions { HealthStatus = "fine" })?.Code);
    }
}

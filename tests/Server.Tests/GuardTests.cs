using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Server.Tests;

public sealed class GuardTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Theory]
    [InlineData("GET", "/v1/deployments")]
    [InlineData("POST", "/v1/deployments")]
    [InlineData("POST", "/v1/uploads")]
    [InlineData("GET", "/v1/projects")]
    [InlineData("GET", "/v1/status")]
    [InlineData("POST", "/v1/auth/links")]
    [InlineData("GET", "/v1/openapi.json")]
    [InlineData("GET", "/")]
    public async Task Nobody_gets_in_without_a_token(string method, string path)
    {
        using var http = api.Http(withToken: false);
        using var response = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", api.Token[..^1]);
        using var wrong = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
    }

    [Fact]
    public async Task A_foreign_host_name_is_refused_even_with_the_token()
    {
        using var http = api.Http();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/deployments");
        request.Headers.Host = "evil.example";
        Assert.Equal(421, (int)(await http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_login_link_is_good_once_and_its_cookie_changes_nothing_from_another_site()
    {
        using var http = api.Http();
        var link = (await (await http.PostAsync("/v1/auth/links", null)).Content.ReadFromJsonAsync<JsonObject>())!["url"]!.GetValue<string>();
        using var browser = api.Http(withToken: false);
        var entered = await browser.GetAsync(new Uri(link).PathAndQuery);
        Assert.Equal(HttpStatusCode.Redirect, entered.StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(new Uri(link).PathAndQuery)).StatusCode);

        var cookie = entered.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        browser.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/v1/deployments")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync("/v1/auth/links", null)).StatusCode);
        browser.DefaultRequestHeaders.Add("Origin", "http://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync("/v1/auth/links", null)).StatusCode);
        browser.DefaultRequestHeaders.Remove("Origin");
        browser.DefaultRequestHeaders.Add("Origin", $"http://{api.Address.Authority}");
        Assert.Equal(HttpStatusCode.Created, (await browser.PostAsync("/v1/auth/links", null)).StatusCode);
        browser.DefaultRequestHeaders.Remove("Cookie");
        browser.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0] + "x");
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/v1/deployments")).StatusCode);
    }

    [Fact]
    public async Task Health_is_open_and_the_token_file_is_private()
    {
        using var http = api.Http(withToken: false);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready")).StatusCode);
    }
}

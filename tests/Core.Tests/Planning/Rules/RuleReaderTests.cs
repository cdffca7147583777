using System.Text.Json;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Testing;

namespace Core.Tests.Planning.Rules;

public sealed class RuleReaderTests
{
    [Fact]
    public void Both_files_are_read_and_ours_wins_by_property()
    {
        var read = Read(new MemoryTree
        {
            ["web/vercel.json"] = """
                {
                  "framework": "vite", "cleanUrls": true, "trailingSlash": false,
                  "redirects": [{ "source": "/a", "destination": "/b" }, { "source": "/c", "destination": "/d", "permanent": false }, { "source": "/e", "destination": "/f", "statusCode": 301 }],
                  "headers": [{ "source": "/(.*)", "headers": [{ "key": "X-A", "value": "1" }], "has": [{ "type": "header", "key": "X-B" }] }],
                }
                """,
            ["web/slipway.json"] = """{ "$schema": "x", "trailingSlash": true, /* ours */ "rewrites": [{ "source": "/api/:path*", "destination": "https://api.example.com/:path*" }] }""",
        }, "web");

        var rules = read.Rules;
        Assert.NotNull(rules);
        Assert.Equal((true, true), (rules.CleanUrls, rules.TrailingSlash));
        Assert.Equal([308, 307, 301], rules.Redirects.Select(r => r.Status));
        Assert.Equal(new RewriteRule("/api/:path*", "https://api.example.com/:path*"), Assert.Single(rules.Rewrites));
        Assert.Equal(new RuleCondition(RequestPart.Header, "x-b"), Assert.Single(Assert.Single(rules.Headers).Has ?? []));
        Assert.Equal([new PlanEvidence("slipway.json and vercel.json", "the edge has clean URLs, a slash at the end of pages, 3 redirects, 1 rewrite, 1 rule for headers")], read.Evidence);
        Assert.Empty(read.Warnings);
    }

    [Theory]
    [InlineData("""{ "framework": "vite" }""")]
    [InlineData("""{ "cleanUrls": false, "redirects": [], "rewrites": [] }""")]
    public void Nothing_said_is_no_rules(string json) => Assert.Null(Read(Tree(json)).Rules);

    [Theory]
    [InlineData("""{ "redirects": [ }""", "plan.rules_unreadable", "vercel.json is no JSON: line 1, character 18")]
    [InlineData("[]", "plan.rules_unreadable", "vercel.json holds no object")]
    [InlineData("""{ "cleanUrls": "yes" }""", "plan.rule_invalid", "vercel.json: cleanUrls is a text, not true or false")]
    [InlineData("""{ "redirects": {} }""", "plan.rule_invalid", "vercel.json: redirects is an object, not a list")]
    [InlineData("""{ "redirects": [{ "source": "/a", "destination": "/b" }, { "source": "/a" }] }""", "plan.rule_invalid", "vercel.json: redirects[1] has no destination")]
    [InlineData("""{ "redirects": [{ "source": "a", "destination": "/b" }] }""", "plan.rule_invalid", "vercel.json: redirects[0].source is 'a', which no path begins with")]
    [InlineData("""{ "redirects": [{ "source": "/a/:", "destination": "/b" }] }""", "plan.rule_invalid", "vercel.json: redirects[0].source is '/a/:': a ':' has no name behind it (at character 4)")]
    [InlineData("""{ "redirects": [{ "source": "/a(", "destination": "/b" }] }""", "plan.rule_invalid", "vercel.json: redirects[0].source is '/a(': a '(' is not closed (at character 3)")]
    [InlineData("""{ "redirects": [{ "source": "/a?", "destination": "/b" }] }""", "plan.rule_invalid", "vercel.json: redirects[0].source is '/a?': '?' stands for something special here; put a backslash before it if it is meant as it is (at character 3)")]
    [InlineData("""{ "redirects": [{ "source": "/a((b))", "destination": "/b" }] }""", "plan.rule_invalid", "vercel.json: redirects[0].source is '/a((b))': brackets within brackets must begin with '?:' (at character 4)")]
    [InlineData("""{ "redirects": [{ "source": "/a", "destination": "/:b" }] }""", "plan.rule_invalid", "vercel.json: redirects[0].destination uses :b, which neither source nor has knows")]
    [InlineData("""{ "redirects": [{ "source": "/a", "destination": "javascript:alert(1)" }] }""", "plan.rule_invalid", "vercel.json: redirects[0].destination is 'javascript:alert(1)', neither a path nor an address")]
    [InlineData("""{ "redirects": [{ "source": "/a", "destination": "/b", "permanent": true, "statusCode": 301 }] }""", "plan.rule_invalid", "vercel.json: redirects[0] has both permanent and statusCode")]
    [InlineData("""{ "redirects": [{ "source": "/a", "destination": "/b", "statusCode": 200 }] }""", "plan.rule_invalid", "vercel.json: redirects[0].statusCode is 200, not a number from 300 to 399")]
    [InlineData("""{ "redirects": [{ "source": "/a", "destinaton": "/b" }] }""", "plan.rule_invalid", "vercel.json: redirects[0] has 'destinaton', which is not known here")]
    [InlineData("""{ "redirects": [{ "source": "/a", "destination": "/b", "has": [{ "type": "ip", "key": "x" }] }] }""", "plan.rule_invalid", "vercel.json: redirects[0].has[0].type is 'ip'")]
    [InlineData("""{ "redirects": [{ "source": "/a", "destination": "/b", "has": [{ "type": "host", "value": "(" }] }] }""", "plan.rule_invalid", "vercel.json: redirects[0].has[0].value it is no regular expression")]
    [InlineData("""{ "rewrites": [{ "source": "/a", "destination": "http://127.0.0.1:8080/" }] }""", "plan.rule_invalid", "vercel.json: rewrites[0].destination is 'http://127.0.0.1:8080/', which is not on the public internet")]
    [InlineData("""{ "rewrites": [{ "source": "/a", "destination": "http://169.254.169.254/latest" }] }""", "plan.rule_invalid", "vercel.json: rewrites[0].destination is 'http://169.254.169.254/latest', which is not on the public internet")]
    [InlineData("""{ "rewrites": [{ "source": "/a", "destination": "http://[::ffff:10.0.0.1]/" }] }""", "plan.rule_invalid", "vercel.json: rewrites[0].destination is 'http://[::ffff:10.0.0.1]/', which is not on the public internet")]
    [InlineData("""{ "rewrites": [{ "source": "/a", "destination": "http://db.internal/" }] }""", "plan.rule_invalid", "vercel.json: rewrites[0].destination is 'http://db.internal/', which is not on the public internet")]
    [InlineData("""{ "rewrites": [{ "source": "/a", "destination": "https://me:secret@example.com/" }] }""", "plan.rule_invalid", "vercel.json: rewrites[0].destination holds a name and password")]
    [InlineData("""{ "headers": [{ "source": "/a", "headers": [{ "key": "Content-Length", "value": "1" }] }] }""", "plan.rule_invalid", "vercel.json: headers[0].headers[0].key is Content-Length, which only the edge and the app may set")]
    [InlineData("""{ "headers": [{ "source": "/a", "headers": [{ "key": "X A", "value": "1" }] }] }""", "plan.rule_invalid", "vercel.json: headers[0].headers[0].key is 'X A', which is no name of a header")]
    [InlineData("""{ "headers": [{ "source": "/a", "headers": [{ "key": "X-A", "value": "1\n2" }] }] }""", "plan.rule_invalid", "vercel.json: headers[0].headers[0].value has characters that no header may have")]
    public void What_is_wrong_is_named_with_its_place_and_the_fix(string json, string code, string message)
    {
        var failure = RuleReader.Read(Tree(json), "", isStatic: true).Failure;

        Assert.NotNull(failure);
        Assert.Equal(code, failure.Code);
        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(failure.Hint));
    }

    [Fact]
    public void Our_own_file_has_nothing_that_is_not_known()
    {
        var failure = RuleReader.Read(new MemoryTree { ["slipway.json"] = """{ "redirect": [] }""" }, "", isStatic: true).Failure;

        Assert.Equal("slipway.json has 'redirect', which is not known here", failure?.Message);
        Assert.Equal("known are $schema, cleanUrls, headers, redirects, rewrites, trailingSlash", failure?.Hint);
    }

    [Fact]
    public void The_schema_has_what_is_known_and_no_more()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Golden.Root, "docs/slipway.schema.json")));

        Assert.Equal(RuleReader.Properties, schema.RootElement.GetProperty("properties").EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void Number_and_size_are_limited()
    {
        var many = string.Join(',', Enumerable.Range(0, 2049).Select(i => $$"""{ "source": "/{{i}}", "destination": "/" }"""));
        Assert.Equal("vercel.json: redirects has 2049 entries, 2048 are allowed", RuleReader.Read(Tree($$"""{ "redirects": [{{many}}] }"""), "", false).Failure?.Message);

        var large = string.Join(',', Enumerable.Range(0, 2048).Select(i => $$"""{ "source": "/{{i}}", "destination": "/{{new string('x', 200)}}" }"""));
        Assert.Equal("plan.rules_too_large", RuleReader.Read(Tree($$"""{ "redirects": [{{large}}] }"""), "", false).Failure?.Code);
    }

    [Fact]
    public void Rewrites_to_a_functions_file_are_left_to_the_apps_server()
    {
        var tree = Tree("""{ "rewrites": [{ "source": "/(.*)", "destination": "/api/index" }, { "source": "/api/(.*)", "destination": "/api" }, { "source": "/x", "destination": "/api/users" }] }""");
        tree["api/index.js"] = "";

        var read = Read(tree);

        Assert.Equal(["/api/users"], read.Rules?.Rewrites.Select(r => r.Destination));
        Assert.Equal("The rewrites to /api/index, /api are left out: that is a function's file, and this app's own server answers.", Assert.Single(read.Warnings));
    }

    [Fact]
    public void What_is_not_applied_is_said() =>
        Assert.Equal("vercel.json: routes is not applied; say the same with redirects, rewrites and headers.", Assert.Single(Read(Tree("""{ "routes": [{ "src": "/a", "dest": "/b" }] }""")).Warnings));

    private static MemoryTree Tree(string json) => new() { ["vercel.json"] = json };

    private static RulesRead Read(MemoryTree tree, string root = "")
    {
        var read = RuleReader.Read(tree, root, isStatic: false);
        Assert.Null(read.Failure);
        return read.Value;
    }
}

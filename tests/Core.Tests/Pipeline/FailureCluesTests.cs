using Slipway.Core.Pipeline;

namespace Slipway.Core.Tests.Pipeline;

public class FailureCluesTests
{
    [Theory]
    [InlineData("Failed to fetch `Manrope` from Google Fonts.", "next/font/local")]
    [InlineData("getaddrinfo ENOTFOUND api.example.com", "the step asks api.example.com,")]
    [InlineData("curl: (6) Could not resolve host: deb.example.org", "the step asks deb.example.org,")]
    [InlineData(".../bcrypt install: gyp ERR! stack Error: not found: make", "node-gyp")]
    [InlineData("gyp ERR! stack     at PythonFinder.execFileCallback (/app/find-python.js:294:16)", "node-gyp")]
    [InlineData("Package pangocairo was not found in the pkg-config search path.", "the library pangocairo")]
    [InlineData("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", "NODE_OPTIONS")]
    [InlineData(" ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with frozen-lockfile", "commit the lockfile")]
    [InlineData("error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.", "commit the lockfile")]
    [InlineData("You are using Node.js 18.20.8. For Next.js, Node.js version \">=20.9.0\" is required.", "engines.node")]
    [InlineData("npm error code ERESOLVE", "legacy-peer-deps")]
    [InlineData("sh: 1: tsc: not found", "tsc was not found")]
    [InlineData("Error: Cannot find module './Header'", "./Header is not there")]
    [InlineData("Error: POSTGRES_URL environment variable is not set", "slipway env set")]
    [InlineData("Invalid environment variables: [", "slipway env set")]
    [InlineData("src/a.ts(3,1): error TS2304: Cannot find name 'x'.", null)]
    public void What_a_step_said_last_tells_what_to_do(string line, string? expected)
    {
        var hint = FailureClues.OfBuild(["> build", line, "    at internal/run.js:1:2"]);
        if (expected is null) Assert.Null(hint);
        else Assert.Contains(expected, hint);
    }

    [Fact]
    public void The_later_line_decides() =>
        Assert.Contains("b.example", FailureClues.OfBuild(["getaddrinfo ENOTFOUND a.example", "getaddrinfo ENOTFOUND b.example"]));

    [Fact]
    public void A_telling_line_wins_over_a_later_one_that_tells_less() =>
        Assert.Contains("next/font/local", FailureClues.OfBuild(["[next]/internal/font/google/inter.js:1:1", "Module not found: Can't resolve '@vercel/turbopack-next/internal'"]));

    [Theory]
    [InlineData("Error: EACCES: permission denied, mkdir '/etc/todos'", "/etc/todos is not its own")]
    [InlineData("PermissionError: [Errno 13] Permission denied: '/app/db.sqlite'", "/app/db.sqlite is not its own")]
    [InlineData("nginx: [emerg] mkdir() \"/srv/cache\" failed (13: Permission denied)", "/srv/cache is not its own")]
    [InlineData("/entrypoint.sh: 3: cannot create /etc/app.conf: Permission denied", "/etc/app.conf is not its own")]
    [InlineData("mkdir: cannot create directory '/data/x': Permission denied", "/data/x is not its own")]
    [InlineData("chown: changing ownership of '/var/run/apache2/x': Operation not permitted", "cannot change owners or users")]
    [InlineData("nginx: [emerg] setgid(33) failed (1: Operation not permitted)", "cannot change owners or users")]
    [InlineData("Error: Cannot find module 'tsx'", "tsx is not in the image")]
    [InlineData("sh: 1: ts-node: not found", "ts-node is not in the image")]
    [InlineData("Error: connect ECONNREFUSED 127.0.0.1:5432", "127.0.0.1:5432")]
    [InlineData("Error: DATABASE_URL is not set", "slipway env set")]
    [InlineData("TypeError: x is not a function", null)]
    public void What_an_app_said_last_tells_what_to_do(string line, string? expected)
    {
        var hint = FailureClues.OfRun([line, "    at internal/run.js:1:2"]);
        if (expected is null) Assert.Null(hint);
        else Assert.Contains(expected, hint);
    }
}

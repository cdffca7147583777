using System.Text.Json;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Core;

namespace Slipway.Cli.Tests;

/// <summary>The contract that scripts rely on, as far as it needs no server.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("deplyo", "cli.unknown_verb", "deploy")]
    [InlineData("statuz", "cli.unknown_verb", "status")]
    [InlineData("frobnicate", "cli.unknown_verb", "there are:")]
    [InlineData("deploy --pord", "cli.unknown_option", "--prod")]
    [InlineData("env set", "cli.usage", "slipway env set --help")]
    [InlineData("inspect", "cli.usage", "slipway inspect --help")]
    [InlineData("promote", "cli.usage", "slipway promote --help")]
    [InlineData("rollback --release shop dpl_1", "cli.usage", "slipway rollback --help")]
    [InlineData("ls --limit many", "cli.usage", "slipway ls --help")]
    [InlineData("ls --limit 0", "cli.usage", "1 to 1000")]
    [InlineData("env set A=b -p shop", "env.value_in_argv", "--value-file")]
    [InlineData("env set A-B -p shop", "env.name_invalid", "DATABASE_URL")]
    [InlineData("env set A -p shop --phase never", "cli.usage", "slipway env set --help")]
    [InlineData("deploy --env 1=2", "env.name_invalid", "DATABASE_URL")]
    [InlineData("deploy --env A", "env.invalid", "NAME=value")]
    [InlineData("deploy --project a/b", "project.name_invalid", "my-app")]
    [InlineData("deploy /no/such/folder", "source.not_found", "git URL")]
    [InlineData("deploy file:///tmp/repo", "fetch.url_invalid", "slipway deploy DIR")]
    [InlineData("deploy https://example.org/a.git#--upload-pack=x", "fetch.ref_invalid", "#main")]
    [InlineData("up --public --local", "cli.usage", "one of them")]
    [InlineData("up --base-domain https://apps.example.com", "config.base_domain", "apps.example.com")]
    [InlineData("up --base-domain apps.example.com:8080", "config.base_domain", "SLIPWAY_PORT")]
    [InlineData("up --base-domain -x-", "config.base_domain", "example")]
    [InlineData("plan /no/such/folder", "source.not_found", "existing")]
    [InlineData("keep shop --idle 14", "cli.usage", "14d")]
    [InlineData("keep shop always", "cli.usage", "default")]
    [InlineData("health shop --grace soon", "cli.usage", "90s")]
    [InlineData("volume add shop data", "volume.path_invalid", "begin it with /")]
    [InlineData("volume add shop /etc/app", "volume.path_invalid", "/data")]
    [InlineData("volume add shop /data --name A", "volume.name_invalid", "--name")]
    [InlineData("allow shop", "cli.usage", "slipway allow --help")]
    [InlineData("allow shop db.internal:5432", "allow.address_invalid", "getent ahostsv4 db.internal")]
    [InlineData("allow shop 10.0.0.5", "allow.address_invalid", "10.0.0.5:5432")]
    [InlineData("allow shop 169.254.169.254:80", "allow.address_refused", "private network")]
    [InlineData("audit -n 501", "cli.usage", "1 to 500")]
    [InlineData("audit shop --before 0", "cli.usage", "audit --json")]
    [InlineData("exec --terminl", "cli.unknown_option", "--no-terminal")]
    public async Task Wrong_use_is_exit_2_with_words_and_one_document(string line, string code, string hint)
    {
        var run = await RunAsync([.. line.Split(' '), "--json"]);
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        var error = JsonDocument.Parse(run.Out).RootElement.GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Contains(hint, error.GetProperty("hint").GetString(), StringComparison.Ordinal);
        Assert.Equal(["code", "message", "field", "hint"], error.EnumerateObject().Select(p => p.Name));
        Assert.StartsWith("error: ", run.Err, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ls")]
    [InlineData("inspect shop")]
    [InlineData("promote shop")]
    [InlineData("alias ls shop")]
    [InlineData("rollback shop --yes")]
    [InlineData("rollback --release shop")]
    [InlineData("logs shop -f")]
    [InlineData("cancel shop")]
    [InlineData("rm shop --yes")]
    [InlineData("volume add shop /data")]
    [InlineData("allow shop 10.0.0.5:5432")]
    [InlineData("allow ls shop")]
    [InlineData("allow rm shop 10.0.0.5:5432")]
    [InlineData("volume rm shop data --yes")]
    [InlineData("env ls shop")]
    [InlineData("open")]
    [InlineData("redeploy shop")]
    [InlineData("keep shop --last 3")]
    [InlineData("health shop default")]
    [InlineData("audit")]
    [InlineData("audit shop -n 500 --before 12")]
    [InlineData("exec shop -- ls -l --all")]
    [InlineData("exec shop ls -l")]
    public async Task Without_a_server_it_is_exit_3_and_says_how_to_start_it(string line)
    {
        var run = await RunAsync([.. line.Split(' '), "--json"]);
        Assert.Equal(ExitCode.Broken, run.ExitCode);
        Assert.Equal("slipway.not_running", JsonDocument.Parse(run.Out).RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains("./slipway up", run.Err, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_tells_what_it_sees_with_the_server_down()
    {
        var run = await RunAsync("status", "--json");
        Assert.Equal(ExitCode.Broken, run.ExitCode);
        var status = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal(["server", "engine", "roles", "disk", "deployments", "home", "error"], status.EnumerateObject().Select(p => p.Name));
        Assert.Equal(JsonValueKind.Null, status.GetProperty("server").ValueKind);
        Assert.All(status.GetProperty("roles").EnumerateArray(), role => Assert.Equal("down", role.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Without_json_stdout_stays_empty_on_an_error()
    {
        var run = await RunAsync("deploy", "/no/such/folder");
        Assert.Equal("", run.Out);
        Assert.Equal("error: there is no folder /no/such/folder\n  hint: give an existing folder, or a git URL such as https://github.com/owner/name\n", run.Err);
    }

    [Fact]
    public async Task A_planned_dockerfile_is_printed_line_by_line_to_take_away()
    {
        using var folder = new TempFolder();
        folder.Write("index.html", "<h1>hi</h1>");
        var lines = (await RunAsync("plan", folder.Path)).Out.Split('\n');
        var dockerfile = JsonDocument.Parse((await RunAsync("plan", folder.Path, "--json")).Out).RootElement.GetProperty("dockerfile").GetString();
        Assert.Equal(dockerfile?.TrimEnd().Split('\n'), lines.SkipWhile(line => line.Length > 0).Skip(1).SkipLast(1));
    }

    [Fact]
    public async Task A_folder_is_planned_without_server_or_engine()
    {
        using var folder = new TempFolder();
        folder.Write("index.html", "<h1>hi</h1>");
        var run = await RunAsync("plan", folder.Path, "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        var plan = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal(["provider", "framework", "packageManager", "install", "build", "start", "output", "port", "dockerfile", "evidence"], plan.EnumerateObject().Select(p => p.Name));
        Assert.Equal("static", plan.GetProperty("output").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task What_cannot_be_planned_says_what_was_looked_for()
    {
        using var folder = new TempFolder();
        folder.Write("notes.md");
        var run = await RunAsync("plan", folder.Path, "--json");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Equal("plan.no_provider", JsonDocument.Parse(run.Out).RootElement.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_secret_is_read_from_a_pipe_before_anything_is_asked()
    {
        var run = await RunAsync("env", "set", "KEY", "-p", "shop", "--json");
        // No pipe and no terminal in a test: an empty value, which is refused before the server is looked for.
        Assert.Equal((ExitCode.Usage, "env.value_empty"), (run.ExitCode, JsonDocument.Parse(run.Out).RootElement.GetProperty("error").GetProperty("code").GetString()));
    }

    private static async Task<(int ExitCode, string Out, string Err)> RunAsync(params string[] args)
    {
        using var home = new TempFolder();
        using var stdout = new StringWriter();
        using var stderr = new StringWriter();
        var screen = new Screen(stdout, stderr, args.Contains("--json"), isTerminal: false);
        var exitCode = await SlipwayCommand.RunAsync(args, new CliContext(screen, new SlipwayHome(home.Path), TimeProvider.System, TextReader.Null));
        return (exitCode, stdout.ToString(), stderr.ToString());
    }
}

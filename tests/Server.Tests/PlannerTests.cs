using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Pipeline;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Server.Planning;
using Slipway.Testing.Sourcing;

namespace Server.Tests;

/// <summary>
/// Nixpacks and Railpack as planners. Neither can be had where these tests run: a stand-in writes exactly what their published sources write,
/// and each test tells it what else to do.
/// </summary>
public sealed class PlannerTests : IDisposable
{
    private const string NixpacksPlan = """
        {"providers":[],"buildImage":"ghcr.io/railwayapp/nixpacks:ubuntu-1745885067","variables":{"CI":"true","GREETING":"good day","NIXPACKS_METADATA":"node"},"phases":{"install":{"cmds":["npm ci"]}},"start":{"cmd":"npm run start"}}
        """;

    private const string NixpacksDockerfile = """
        FROM ghcr.io/railwayapp/nixpacks:ubuntu-1745885067

        ENTRYPOINT ["/bin/bash", "-l", "-c"]
        WORKDIR /app/

        COPY .nixpacks/nixpkgs-1.nix .nixpacks/nixpkgs-1.nix
        RUN nix-env -if .nixpacks/nixpkgs-1.nix && nix-collect-garbage -d

        ARG CI GREETING NIXPACKS_METADATA
        ENV CI=$CI GREETING=$GREETING NIXPACKS_METADATA=$NIXPACKS_METADATA

        # install phase
        COPY . /app/.
        RUN --mount=type=cache,id=nixpacks-/root/npm,target=/root/.npm npm ci

        # start
        COPY . /app
        CMD ["npm run start"]
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-planner-").FullName;
    private readonly PipelineOptions _options = new();
    private readonly RecordedOutput _output = new();

    private string Source => Path.Combine(_folder, "source");

    public PlannerTests() => Directory.CreateDirectory(Path.Combine(Source, "apps", "web"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("nixpacks")]
    [InlineData("railpack")]
    public async Task A_program_that_is_not_there_is_named_with_what_to_do(string planner)
    {
        var failure = (await PlanAsync(planner)).Failure;
        Assert.Equal("plan.program_missing", failure?.Code);
        Assert.Contains(planner, failure?.Message, StringComparison.Ordinal);
        Assert.Contains("install it", failure?.Hint, StringComparison.Ordinal);
        Assert.Contains("Planner to builtin", failure?.Hint, StringComparison.Ordinal);

        _options.PlannerProgram = "/nowhere/planner";
        Assert.Contains("/nowhere/planner", (await PlanAsync(planner)).Failure?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nixpacks")]
    [InlineData("railpack")]
    public async Task A_Dockerfile_of_the_repository_needs_no_program(string planner)
    {
        await File.WriteAllTextAsync(Path.Combine(Source, "Dockerfile"), "FROM scratch\n");
        Assert.Equal("dockerfile", (await PlanAsync(planner)).Value.Provider);
    }

    [Fact]
    public async Task What_Nixpacks_writes_is_built_with_its_variables()
    {
        StandIn();
        var plan = (await PlanAsync("nixpacks", new() { RootDirectory = "apps/web" })).Value;
        Assert.Equal("nixpacks", plan.Provider);
        Assert.Equal(NixpacksDockerfile + "\nUSER root\n", plan.Dockerfile);
        Assert.Equal(".nixpacks/Dockerfile", plan.DockerfilePath);
        Assert.Equal("apps/web", plan.ContextDirectory);
        Assert.Equal(new Dictionary<string, string> { ["CI"] = "true", ["GREETING"] = "good day", ["NIXPACKS_METADATA"] = "node" }, plan.BuildArguments);
        Assert.Equal("3000", plan.RunEnvironment["PORT"]);
        Assert.True(File.Exists(Path.Combine(Source, "apps/web/.nixpacks/nixpkgs-1.nix")), "what its Dockerfile copies is beside the source");
    }

    [Fact]
    public async Task The_program_sees_plain_variables_and_no_secret_and_nothing_of_our_environment()
    {
        StandIn();
        Environment.SetEnvironmentVariable("SLIPWAY_TEST_SECRET", "sesame-of-the-server");
        var plan = (await PlanAsync("nixpacks", new() { BuildEnvironmentNames = ["API_KEY", "GREETING"], PlainEnvironment = new Dictionary<string, string> { ["GREETING"] = "good day; $(touch /tmp/no)" } })).Value;
        Assert.Contains(plan.Warnings, w => w.Contains("API_KEY", StringComparison.Ordinal));
        var seen = await File.ReadAllTextAsync(Path.Combine(_folder, "seen"));
        Assert.Contains($"argument plan\nargument {Source}\nargument --format\nargument json\nargument --env\nargument GREETING=good day; $(touch /tmp/no)\n", seen, StringComparison.Ordinal);
        Assert.Contains($"argument build\nargument {Source}\nargument --out\nargument {Source}\nargument --cache-key\nargument nixpacks\nargument --env\n", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("API_KEY", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", seen, StringComparison.Ordinal);
        string[] known = ["PATH", "HOME", "TMPDIR", "LANG", "NO_COLOR", "PWD", "OLDPWD", "SHLVL", "_"];
        Assert.All(seen.Split('\n').Where(line => line.StartsWith("environment ", StringComparison.Ordinal)), line => Assert.Contains(line["environment ".Length..].Split('=')[0], known));
        Assert.DoesNotContain(Directory.GetDirectories(Path.GetTempPath(), "slipway-nixpacks-*"), folder => seen.Contains(folder, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_repository_put_where_Nixpacks_writes_is_not_written_through()
    {
        StandIn();
        var outside = Directory.CreateDirectory(Path.Combine(_folder, "outside")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(Source, ".nixpacks"), outside);
        Assert.Equal("nixpacks", (await PlanAsync("nixpacks")).Value.Provider);
        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    [Fact]
    public async Task What_a_program_says_last_is_why_it_failed()
    {
        StandIn("echo 'looking' >&2; echo 'Nixpacks was unable to generate a build plan for this app.' >&2; exit 1");
        var failure = (await PlanAsync("nixpacks")).Failure;
        Assert.Equal(("plan.program_failed", 1), (failure?.Code, failure?.ExitCode));
        Assert.Contains("unable to generate a build plan", failure?.Message, StringComparison.Ordinal);
        Assert.Contains("looking", _output.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 0", "is no plan")]
    [InlineData("echo '[1, 2]'", "is no plan")]
    [InlineData("[ \"$1\" = build ] || echo '{}'", "wrote no .nixpacks/Dockerfile")]
    [InlineData("[ \"$1\" = build ] && mkdir .nixpacks && ln -s /etc/passwd .nixpacks/Dockerfile; echo '{}'", "wrote no .nixpacks/Dockerfile")]
    public async Task A_program_that_did_something_else_is_told_so(string script, string why)
    {
        StandIn(script);
        var failure = (await PlanAsync("nixpacks")).Failure;
        Assert.Equal("plan.program_failed", failure?.Code);
        Assert.Contains(why, failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_does_not_end_is_ended()
    {
        StandIn($"echo $$ > {_folder}/pid; sleep 300");
        _options.PlannerTimeout = TimeSpan.FromSeconds(1);
        Assert.Equal("plan.timeout", (await PlanAsync("nixpacks")).Failure?.Code);
        var pid = (await File.ReadAllTextAsync(Path.Combine(_folder, "pid"))).Trim();
        await Slipway.Testing.Hosting.Looking.UntilAsync(() => !Directory.Exists($"/proc/{pid}") || (File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal)) ? "gone" : null, TimeSpan.FromSeconds(5), "the program's end");
    }

    [Fact]
    public async Task A_program_that_prints_without_end_fills_no_log()
    {
        StandIn("yes 'and on' | head -c 2000000 >&2; exit 1");
        Assert.Equal("plan.program_failed", (await PlanAsync("nixpacks")).Failure?.Code);
        Assert.InRange(_output.Text.Split('\n').Length, 500, 510);
    }

    [Fact]
    public async Task A_plan_of_Railpack_goes_to_its_own_frontend_with_secrets_by_name()
    {
        StandIn();
        _options.RailpackFrontend = "registry.test/railpack-frontend:v1";
        var plan = (await PlanAsync("railpack", new() { BuildEnvironmentNames = ["API_KEY", "GREETING"], PlainEnvironment = new Dictionary<string, string> { ["GREETING"] = "hi" }, EnvironmentHash = "abc123" })).Value;
        Assert.Equal("""{"steps":[{"name":"install"}],"deploy":{"startCommand":"npm start"},"secrets":["API_KEY"]}""", plan.Dockerfile.Trim());
        Assert.Equal("registry.test/railpack-frontend:v1", plan.Frontend);
        Assert.Null(plan.DockerfilePath);
        Assert.Equal(new Dictionary<string, string> { ["secrets-hash"] = "abc123" }, plan.BuildArguments);
        Assert.Contains("argument --env\nargument API_KEY=***\nargument --env\nargument GREETING=hi\n", await File.ReadAllTextAsync(Path.Combine(_folder, "seen")), StringComparison.Ordinal);
    }

    /// <param name="script">What it does instead of what they do.</param>
    private void StandIn(string? script = null)
    {
        File.WriteAllText(Path.Combine(_folder, "plan.json"), NixpacksPlan);
        File.WriteAllText(Path.Combine(_folder, "Dockerfile"), NixpacksDockerfile);
        _options.PlannerProgram = Path.Combine(_folder, "planner");
        File.WriteAllText(_options.PlannerProgram, $$"""
            #!/bin/sh
            for argument in "$@"; do echo "argument $argument" >> {{_folder}}/seen; done
            env | sed 's/^/environment /' >> {{_folder}}/seen
            {{script ?? $$"""
                case $1 in
                plan) cat {{_folder}}/plan.json ;;
                build) mkdir -p "$4/.nixpacks" && cp {{_folder}}/Dockerfile "$4/.nixpacks/Dockerfile" && echo '{ }' > "$4/.nixpacks/nixpkgs-1.nix" && echo "Saved output to: $4" ;;
                prepare) echo '{"steps":[{"name":"install"}],"deploy":{"startCommand":"npm start"},"secrets":["API_KEY"]}' > "$4" ;;
                esac
                """}}
            """);
        File.SetUnixFileMode(_options.PlannerProgram, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<Outcome<BuildPlan>> PlanAsync(string planner, PlanOptions? options = null)
    {
        using var snapshot = new SourceSnapshot(Source, new SourceRef { Kind = SourceKind.Git });
        var by = Options.Create(_options);
        ISourcePlanner one = planner == "nixpacks" ? new NixpacksPlanner(by, TimeProvider.System) : new RailpackPlanner(by, TimeProvider.System);
        return await one.PlanAsync(snapshot, options ?? new(), _output, TestContext.Current.CancellationToken);
    }
}

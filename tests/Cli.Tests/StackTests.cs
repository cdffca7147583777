using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;
using Slipway.Cli.Stack;
using Slipway.Core;
using Slipway.Core.Stack;

namespace Slipway.Cli.Tests;

[Trait("needs", "root")]
public sealed partial class StackTests
{
    private static readonly string[] Roles = ["server", "worker", "edge", "fence", "backup"];

    [Fact]
    public void Secrets_are_made_once_and_each_service_holds_just_its_own()
    {
        using var home = new TempFolder();
        var folder = StackFolder.Of(new SlipwayHome(home.Path));
        new StackSecrets(folder, TimeProvider.System).Ensure();
        var first = All(folder);
        File.SetUnixFileMode(Path.Combine(folder.SecretsOf("worker"), "nats-password"), (UnixFileMode)0b110_110_110);
        new StackSecrets(folder, TimeProvider.System).Ensure();
        Assert.Equal(first, All(folder));

        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(Path.Combine(folder.SecretsOf("worker"), "nats-password")));
        Assert.NotEqual(File.ReadAllText(Path.Combine(folder.SecretsOf("worker"), "nats-password")), File.ReadAllText(Path.Combine(folder.SecretsOf("server"), "nats-password")));
        Assert.False(File.Exists(Path.Combine(folder.SecretsOf("worker"), "postgres-password")));
        Assert.True(BCrypt.Net.BCrypt.Verify(File.ReadAllText(Path.Combine(folder.SecretsOf("server"), "registry-password")).Trim(), File.ReadAllText(Path.Combine(folder.SecretsOf("registry"), "registry-users")).Trim().Split(':')[1]));
    }

    [Fact]
    public void Certificates_are_the_stacks_own_and_renewed_before_they_end()
    {
        using var home = new TempFolder();
        var folder = StackFolder.Of(new SlipwayHome(home.Path));
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        new StackSecrets(folder, clock).Ensure();
        using (var postgres = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder.SecretsOf("postgres"), "postgres.pem")))
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(Path.Combine(folder.SecretsOf("worker"), "ca.pem"));
            Assert.True(chain.Build(postgres));
            Assert.True(postgres.MatchesHostname("postgres"));
            Assert.False(postgres.MatchesHostname("nats"));
        }

        var before = File.ReadAllText(Path.Combine(folder.SecretsOf("nats"), "nats-server.pem"));
        var authority = File.ReadAllText(Path.Combine(folder.SecretsOf("nats"), "stack-ca.pem"));
        clock.Advance(TimeSpan.FromDays(700));
        new StackSecrets(folder, clock).Ensure();
        Assert.Equal(before, File.ReadAllText(Path.Combine(folder.SecretsOf("nats"), "nats-server.pem")));
        clock.Advance(TimeSpan.FromDays(60));
        new StackSecrets(folder, clock).Ensure();
        Assert.NotEqual(before, File.ReadAllText(Path.Combine(folder.SecretsOf("nats"), "nats-server.pem")));
        Assert.Equal(authority, File.ReadAllText(Path.Combine(folder.SecretsOf("nats"), "stack-ca.pem")));
    }

    [Fact]
    public void What_was_chosen_once_stays_and_what_was_asked_wins()
    {
        using var home = new TempFolder();
        var folder = StackFolder.Of(new SlipwayHome(home.Path));
        home.Write("stack/.env", "# mine\nSUBNET=10.9.8\nWORKER_MEMORY=3g\nSLIPWAY_IMAGE=old\n");
        var environment = StackEnvironment.Read(folder);
        environment.Choose(new StackRequest("apps.example.com", 8443, null), "localhost");
        environment.Take(new StackMaterial(new StackImageNames("s", "p", "n", "r", "m"), "https://npm.example.com/"));
        environment.Save();
        var again = StackEnvironment.Read(folder);
        again.Choose(new StackRequest(null, null, 5), "localhost");
        Assert.Equal(("10.9.8", "3g", "s", "apps.example.com", 8443, 5, "http://slipway.apps.example.com:8443"), (again["SUBNET"], again["WORKER_MEMORY"], again["SLIPWAY_IMAGE"], again.BaseDomain, again.Port, again.Workers, again["PUBLIC_URL"]));
        Assert.Equal("http://10.9.8.10:7420", again.Api);
        Assert.False(again.IsHere);
    }

    [Theory]
    [InlineData("postgres:17", "postgres:18", false)]
    [InlineData("postgres:17", "postgres:17.6", true)]
    [InlineData("postgres:17", "slipway/postgres:1-aa", false)]
    [InlineData("slipway/postgres:1-aa", "slipway/postgres:1-bb", true)]
    [InlineData("mirror.test:5000/postgres", "postgres:17", false)]
    public void An_image_that_cannot_read_the_data_is_not_taken(string before, string now, bool isTaken)
    {
        using var home = new TempFolder();
        home.Write("stack/.env", $"POSTGRES_IMAGE={before}\n");
        var environment = StackEnvironment.Read(StackFolder.Of(new SlipwayHome(home.Path)));
        var kept = environment.Take(new StackMaterial(new StackImageNames("s", now, "n", "r", "m"), ""));
        Assert.Equal(isTaken ? [] : [before], kept);
        Assert.Equal(isTaken ? now : before, environment["POSTGRES_IMAGE"]);
    }

    [Fact]
    public void A_service_is_started_anew_for_what_it_reads_and_for_nothing_else()
    {
        using var home = new TempFolder();
        var folder = StackFolder.Of(new SlipwayHome(home.Path));
        new StackSecrets(folder, TimeProvider.System).Ensure();
        new StackFiles(folder).Lay();
        string[] names = ["SETTINGS", "EDGE_SETTINGS", "POSTGRES_FILES", "NATS_FILES", "REGISTRY_FILES", "PROMETHEUS_FILES"];
        var before = Digests("{}");
        Assert.Equal(before, Digests("{}"));
        Assert.Equal(["SETTINGS"], Changed("""{"Slipway": {"Build": {"Processes": 9}}}"""));
        Assert.Equal(["SETTINGS", "EDGE_SETTINGS"], Changed("""{"slipway:edge": {"Port": 9}}"""));
        File.AppendAllText(Path.Combine(folder.Root, "nats", "nats.conf"), "\n# mine\n");
        Assert.Equal(["NATS_FILES"], Changed("{}"));

        string[] Changed(string settings)
        {
            var now = Digests(settings);
            return [.. names.Where(n => now[n] != before[n])];
        }

        Dictionary<string, string> Digests(string settings)
        {
            home.Write("settings.json", settings);
            var environment = StackEnvironment.Read(folder);
            environment.TakeFiles(folder, Path.Combine(home.Path, "settings.json"));
            return names.ToDictionary(n => n, n => environment[n]);
        }
    }

    [Fact]
    public void Under_sudo_a_persons_own_home_is_not_passed_over()
    {
        using var user = new TempFolder();
        using var root = new TempFolder();
        var home = new SlipwayHome(Path.Combine(root.Path, ".slipway"));
        string[] passwd = ["root:x:0:0::/root:/bin/bash", $"ann:x:1000:1000::{user.Path}:/bin/bash"];
        Assert.Null(SudoHome.Other(home, "ann", passwd));
        user.Write(".slipway/slipway.db");
        Assert.Equal(Path.Combine(user.Path, ".slipway"), SudoHome.Other(home, "ann", passwd));
        Assert.Null(SudoHome.Other(home, null, passwd));
        Assert.Null(SudoHome.Other(home, "bob", passwd));
        root.Write(".slipway/stack/.env");
        root.Write(".slipway/stack/compose.yaml");
        Assert.Null(SudoHome.Other(home, "ann", passwd));
    }

    [Fact]
    public void A_link_that_a_service_put_there_leads_root_nowhere()
    {
        using var home = new TempFolder();
        var (folder, elsewhere) = (StackFolder.Of(new SlipwayHome(home.Path)), Directory.CreateDirectory(Path.Combine(home.Path, "etc")));
        new StackFiles(folder).MakeFolders();
        Directory.Delete(Path.Combine(folder.DataOf("server"), "keys"));
        Directory.CreateSymbolicLink(Path.Combine(folder.DataOf("server"), "keys"), elsewhere.FullName);
        Assert.Equal("stack.link", Assert.Throws<CliError>(() => new StackFiles(folder).MakeFolders()).Code);
        Assert.Equal("0", OwnerOf(elsewhere.FullName));
    }

    [Theory]
    [InlineData("move")]
    [InlineData("migrate")]
    public async Task Verbs_on_the_database_do_not_take_the_file_from_before_the_stack_for_it(string verb)
    {
        using var home = new TempFolder();
        home.Write("slipway.db");
        home.Write("stack/.env");
        home.Write("stack/compose.yaml");
        var refused = await Assert.ThrowsAsync<CliError>(async () => await StoreTool.RunAsync(new SlipwayHome(home.Path), TimeProvider.System, verb, [], TestContext.Current.CancellationToken));
        Assert.Equal($"{verb}.is_a_stack", refused.Code);
    }

    [Fact]
    public void What_the_store_said_is_found_among_what_a_compose_program_says()
    {
        var ran = new ProcessResult(0, "Creating slipway_backup_run\n{\"database\":\"PostgreSQL\",\"file\":null,\"migrations\":[],\"tables\":[]}\n", "");
        Assert.Equal("PostgreSQL", StoreTool.Report("backup", ran).Database);
        var refused = Assert.Throws<CliError>(() => StoreTool.Report("restore", new ProcessResult(2, "", "Creating slipway_backup_run ... done\nslipway-server: there are projects in it\n")));
        Assert.Equal(("restore.refused", "there are projects in it"), (refused.Code, refused.Message));
    }

    [Fact]
    public void Every_service_has_a_user_limits_and_a_check_of_its_health()
    {
        var services = ServiceBlocks(StackFiles.Text("compose.yaml"));
        Assert.True(services.Count == 10, string.Join(", ", services.Keys));
        foreach (var (name, text) in services)
        {
            foreach (var must in new[] { "user: \"", "mem_limit: ", "cpus: " }) Assert.True(text.Contains(must, StringComparison.Ordinal), $"{name} has no {must}");
            Assert.True(name == "backup" || text.Contains("healthcheck:", StringComparison.Ordinal), $"{name} has no health check");
            Assert.True(text.Contains("<<: *service", StringComparison.Ordinal) || text.Contains("pids_limit: ", StringComparison.Ordinal), $"{name} has no limit of processes");
            Assert.Matches(@"image: \$\{[A-Z_]+(:-[^}]+)?\}", text);
            Assert.DoesNotContain("privileged: true", text, StringComparison.Ordinal);
            if (Roles.Contains(name)) Assert.Contains("image: ${SLIPWAY_IMAGE}", text, StringComparison.Ordinal);
        }

        var users = new Dictionary<string, int>
        {
            ["server"] = StackUsers.Server,
            ["backup"] = StackUsers.Server,
            ["worker"] = StackUsers.Worker,
            ["edge"] = StackUsers.Edge,
            ["fence"] = StackUsers.Fence,
            ["postgres"] = StackUsers.Postgres,
            ["nats"] = StackUsers.Nats,
            ["registry"] = StackUsers.Registry,
            ["prometheus"] = StackUsers.Prometheus,
        };
        foreach (var (name, user) in users) Assert.Contains($"user: \"{user}:", services[name], StringComparison.Ordinal);
        Assert.Contains($"user: \"{StackUsers.Edge}:{StackUsers.Run}\"", services["edge"], StringComparison.Ordinal);
        Assert.Contains($"group_add: [\"{StackUsers.Run}\"", services["server"], StringComparison.Ordinal);
    }

    private static string OwnerOf(string path)
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%u", path]) { RedirectStandardOutput = true })!;
        return stat.StandardOutput.ReadToEnd().Trim();
    }

    private static Dictionary<string, string> ServiceBlocks(string compose)
    {
        var services = compose[(compose.IndexOf("\nservices:\n", StringComparison.Ordinal) + "\nservices:\n".Length)..compose.IndexOf("\nnetworks:\n", StringComparison.Ordinal)];
        var names = ServiceName().Matches(services);
        return names.Select((m, i) => (m.Groups[1].Value, services[m.Index..(i + 1 < names.Count ? names[i + 1].Index : services.Length)])).ToDictionary(s => s.Value, s => s.Item2);
    }

    private static Dictionary<string, string> All(StackFolder folder) =>
        Directory.EnumerateFiles(Path.Combine(folder.Root, "secrets"), "*", SearchOption.AllDirectories).ToDictionary(f => f, File.ReadAllText);

    [GeneratedRegex("^  ([a-z]+):$", RegexOptions.Multiline)]
    private static partial Regex ServiceName();
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slipway.Cli.Commands;
using Slipway.Cli.Machine;
using Slipway.Cli.Output;
using Slipway.Client;
using Slipway.Testing;

namespace Slipway.Cli.Tests;

/// <summary>The documents that scripts read: names and order are kept.</summary>
public sealed class DocumentTests
{
    private static readonly ProductionView Production = new("shop", Samples.Ready.ProductionUrl, Samples.Ready, "dpl_01a213ca47b67c18a99ed47180899b85", false, 41.7);

    private static readonly RollbackView Back = new("shop", Samples.Ready with { Id = "dpl_01a213ca47b67c18a99ed47180899b85" }, Samples.Ready, Samples.Ready.CreatedAt.AddMinutes(1),
        [new("DATABASE_URL", "changed"), new("BANNER", "removed"), new("FLAG", "changed")], ["the port: 8080 instead of 3000"]);

    private static readonly AuditEntryView[] Entries =
    [
        new(12, Samples.Ready.CreatedAt.AddMinutes(3), "token from 127.0.0.1", "exec", "shop", "14476ec3: psql 'postgres://ada:***@db/shop'"),
        new(11, Samples.Ready.CreatedAt, "session from 127.0.0.1, for 203.0.113.7", "way.open", "blog", "10.0.0.5:5432"),
    ];

    [Fact]
    public void Status_with_the_server_up() => Match("status", new StatusDocument(
        new ServerStatus(4785, "20261125.173540", "http://127.0.0.1:7420", "http://127.0.0.1:8080", 143_000_000), new EngineStatus(true, "20.10.24", "1.41", "/var/run/docker.sock", null),
        [new RoleStatus("server", "up", 4785, 143_000_000, "api, worker, runtime, dashboard")], new DiskStatus(1, 2, 3, 4), new Dictionary<string, int> { ["ready"] = 2 }, "/root/.slipway", null), CliJson.Pretty.StatusDocument);

    [Fact]
    public void Up() => Match("up", new UpDocument(
        "/root/.slipway", new UpProcess(2, "b", "http://127.0.0.1:7420", "/root/.slipway/logs/server.log"), new UpProcess(1, "b", "http://127.0.0.1:80", "/root/.slipway/logs/edge.log"), "localhost", false,
        "unix:///var/run/docker.sock", false), CliJson.Pretty.UpDocument);

    [Fact]
    public void Down() => Match("down", new DownDocument(["server", "edge"], false), CliJson.Pretty.DownDocument);

    [Fact]
    public void Promote() => Match("promote", Production, CliJson.Pretty.ProductionView);

    [Fact]
    public void Rollback() => Match("rollback", new RollbackDocument(Back, Production with { Pinned = true }), CliJson.Pretty.RollbackDocument);

    [Fact]
    public void Rollback_in_words() => Golden.Match(string.Join('\n', RollbackCommand.Lines(Back)) + "\n", "tests/Cli.Tests/Goldens/deploy/rollback.txt");

    [Fact]
    public void Audit() => Match<IReadOnlyList<AuditEntryView>>("audit", Entries, CliJson.Pretty.IReadOnlyListAuditEntryView);

    [Fact]
    public void Audit_in_words()
    {
        Golden.Match(string.Join('\n', AuditCommand.Lines(Entries, "shop", 2)) + "\n", "tests/Cli.Tests/Goldens/deploy/audit.txt");
        Assert.Equal(3, AuditCommand.Lines(Entries, null, 3).Count());
        Assert.Equal(["nothing is written down of shop"], AuditCommand.Lines([], "shop", 50));
    }

    [Fact]
    public void An_error() => Match("error", new ErrorDocument(new ErrorBody("source.not_found", "there is no folder \"ü\"", "dir", null)), CliJson.Pretty.ErrorDocument);

    private static void Match<T>(string name, T document, JsonTypeInfo<T> type) => Golden.Match(JsonSerializer.Serialize(document, type), $"tests/Cli.Tests/Goldens/json/{name}.json");
}

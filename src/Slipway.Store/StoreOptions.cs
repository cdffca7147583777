using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Slipway.Core;

namespace Slipway.Store;

/// <summary>Which database the store is kept in, and where.</summary>
public sealed class StoreOptions
{
    public const string Section = "Slipway:Store";
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    /// <summary><c>sqlite</c>: a file in the home. <c>postgres</c>: a PostgreSQL of your own, 13 or newer; <c>slipway move</c> takes a home there.</summary>
    [AllowedValues(Sqlite, Postgres, ErrorMessage = "Slipway:Store:Database is neither 'sqlite' nor 'postgres'")]
    public string Database { get; set; } = Sqlite;

    /// <summary>For PostgreSQL, without a password: <c>Host=db.internal;Username=slipway;Database=slipway</c>. A host that is not this machine is
    /// spoken to by TLS with its certificate checked (<c>Root Certificate=FILE</c> names your own authority), unless you say <c>SSL Mode=Disable</c>.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The file that holds the password, and nothing else; read anew for each connection, so that it may be changed while Slipway runs.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>Connections to PostgreSQL at most, of each process.</summary>
    [Range(2, 1000)]
    public int MaxPoolSize { get; set; } = 20;

    /// <summary>How long a start waits for a PostgreSQL that does not answer yet, as after a reboot.</summary>
    public TimeSpan StartPatience { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How far PostgreSQL's clock may be from this machine's; with more Slipway does not start.</summary>
    public TimeSpan MaxClockDifference { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Entries of each team's audit trail that are kept, the newest.</summary>
    [Range(1, 1_000_000)]
    public int AuditEntries { get; set; } = 10_000;

    /// <summary>The SQLite file; made at first start. Its <c>-wal</c> and <c>-shm</c> companions belong to it: <c>slipway backup</c> makes one file of all three.</summary>
    [Required]
    public string DatabasePath { get; set; } = SlipwayHome.FromEnvironment().Database;

    /// <summary>32 random bytes that encrypt secrets at rest, mode 0600; made at first start. Without it the secrets in the database are lost: keep a copy apart from the database's.</summary>
    [Required]
    public string MasterKeyFile { get; set; } = Path.Combine(SlipwayHome.FromEnvironment().Keys, "master.key");

    /// <summary>Not the server, but a verb such as restore, which must know the two apart.</summary>
    public bool IsTool { get; set; }

    internal bool IsPostgres => Database == Postgres;
}

[OptionsValidator]
internal sealed partial class StoreOptionsValidator : IValidateOptions<StoreOptions>;

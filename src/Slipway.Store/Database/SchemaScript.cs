using System.Text.RegularExpressions;

namespace Slipway.Store.Database;

/// <summary>
/// All migrations of one database as the script that they print (a test compares them). EF's migrator takes a second to say "nothing",
/// and nearly every start needs nothing: so it is asked only when there is something to move, and an empty database gets this.
/// </summary>
internal sealed partial class SchemaScript
{
    private static readonly Lazy<SchemaScript> ForSqlite = new(() => new SchemaScript("schema.sql"));
    private static readonly Lazy<SchemaScript> ForPostgres = new(() => new SchemaScript("schema.postgres.sql"));

    private SchemaScript(string resource)
    {
        using var script = new StreamReader(typeof(SchemaScript).Assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"{resource} is not in the assembly"));
        Text = script.ReadToEnd();
        Known = [.. Ids().Matches(Text).Select(match => match.Groups[1].Value)];
    }

    public static SchemaScript Sqlite => ForSqlite.Value;

    public static SchemaScript Postgres => ForPostgres.Value;

    public string Text { get; }

    /// <summary>Every migration of this version, oldest first.</summary>
    public IReadOnlyList<string> Known { get; }

    /// <summary>What is to be applied on top of <paramref name="applied"/>.</summary>
    /// <exception cref="StoreStartException">A newer version was here before.</exception>
    public IReadOnlyList<string> Pending(IReadOnlyCollection<string> applied, string where, string wayBack) =>
        applied.Except(Known).ToList() is [var newer, ..]
            ? throw new StoreStartException($"{where} was last used by a newer Slipway (it has {newer}): start that version, or {wayBack}")
            : [.. Known.Except(applied)];

    [GeneratedRegex(@"^VALUES \('(\d{14}_\w+)'", RegexOptions.Multiline)]
    private static partial Regex Ids();
}

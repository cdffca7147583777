using System.Data.Common;
using Npgsql;

namespace Slipway.Store.Database.Postgres;

/// <summary>From settings to connections: which may be used, how they are secured, and that none waits without end.</summary>
internal static class PostgresConnections
{
    /// <summary>By it a restore sees that a server uses the database.</summary>
    public const string ServerName = "slipway";

    private const string Setting = $"{StoreOptions.Section}:{nameof(StoreOptions.ConnectionString)}";
    private const string Example = "Host=db.internal;Username=slipway;Database=slipway";

    /// <exception cref="StoreStartException">A setting cannot be used.</exception>
    public static NpgsqlDataSource Open(StoreOptions options)
    {
        var builder = new NpgsqlDataSourceBuilder(Read(options).ConnectionString);
        if (options.PasswordFile.Length > 0)
        {
            _ = Password(options.PasswordFile);
            builder.UsePasswordProvider(_ => Password(options.PasswordFile), (_, _) => ValueTask.FromResult(Password(options.PasswordFile)));
        }

        return builder.Build();
    }

    private static NpgsqlConnectionStringBuilder Read(StoreOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString)) throw new StoreStartException($"{Setting} is not set, and Slipway:Store:Database is 'postgres'; give for example: {Example}");
        if (options.ConnectionString.Contains("://", StringComparison.Ordinal)) throw new StoreStartException($"{Setting} is a URL; write it as: {Example}");
        var given = Parse<DbConnectionStringBuilder>(options.ConnectionString);
        // Settings are seen in listings of processes and of containers. The value is not repeated.
        if (given.ContainsKey("Password") || given.ContainsKey("PWD") || given.ContainsKey("PSW")) throw new StoreStartException($"{Setting} holds a password: put it alone into a file that only Slipway may read, and name that file in Slipway:Store:PasswordFile");
        var read = Parse<NpgsqlConnectionStringBuilder>(options.ConnectionString);
        if (string.IsNullOrEmpty(read.Host)) throw new StoreStartException($"{Setting} names no Host; give for example: {Example}");
        if (!given.ContainsKey("SSL Mode") && !given.ContainsKey("SslMode") && !IsThisMachine(read.Host)) read.SslMode = SslMode.VerifyFull;
        read.ApplicationName = options.IsTool ? ServerName + "-tool" : ServerName;
        read.MaxPoolSize = options.MaxPoolSize;
        read.MinPoolSize = Math.Min(read.MinPoolSize, options.MaxPoolSize);
        read.Timeout = given.ContainsKey("Timeout") ? read.Timeout : 5;
        read.CommandTimeout = given.ContainsKey("Command Timeout") ? read.CommandTimeout : 15;
        // A pooler such as PgBouncer gives each transaction another connection: nothing of ours outlives one, so there is nothing to reset.
        read.NoResetOnClose = true;
        return read;
    }

    private static T Parse<T>(string text) where T : DbConnectionStringBuilder, new()
    {
        try
        {
            return new T { ConnectionString = text };
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw new StoreStartException($"{Setting} cannot be read: {e.Message.Split('\n')[0]}; give for example: {Example}");
        }
    }

    private static bool IsThisMachine(string host) =>
        host.Split(',').All(h => h.StartsWith('/') || h.StartsWith('@') || h is "localhost" or "::1" || h.StartsWith("127.", StringComparison.Ordinal) || h.StartsWith("localhost:", StringComparison.Ordinal));

    private static string Password(string file)
    {
        const string setting = $"{StoreOptions.Section}:{nameof(StoreOptions.PasswordFile)}";
        try
        {
            var password = File.ReadAllText(file).TrimEnd('\n', '\r');
            return password.Length > 0 ? password : throw new StoreStartException($"{setting}: {file} is empty; put the password into it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreStartException($"{setting}: {file} cannot be read: {e.Message}");
        }
    }
}

using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Edge.Passwords;

/// <summary>What signs visitors' cookies: made once and kept beside the table, so that a restart sends nobody back to the password.</summary>
internal static class VisitorKey
{
    public const string FileName = "visitors.key";
    private const int Length = 32;

    public static async Task<byte[]> LoadAsync(string path, ILogger logger, CancellationToken ct)
    {
        try
        {
            if (File.Exists(path) && await File.ReadAllBytesAsync(path, ct) is { Length: Length } kept) return kept;
            var made = RandomNumberGenerator.GetBytes(Length);
            OwnFolder.Create(Path.GetDirectoryName(path));
            await AtomicFile.WriteAsync(path, made, AtomicFile.Own, ct);
            return made;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.VisitorKeyNotKept(e, path);
            return RandomNumberGenerator.GetBytes(Length);
        }
    }
}

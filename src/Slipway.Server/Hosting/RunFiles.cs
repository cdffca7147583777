using System.Text.Json;
using Slipway.Core;

namespace Slipway.Server.Hosting;

/// <summary>Reads and writes <c>run/{role}.json</c>.</summary>
internal static class RunFiles
{
    public static string PathOf(SlipwayHome home, string role) => Path.Combine(home.Run, $"{role}.json");

    public static Task WriteAsync(SlipwayHome home, string role, RunFile file, CancellationToken ct) =>
        AtomicFile.WriteAsync(PathOf(home, role), JsonSerializer.SerializeToUtf8Bytes(file, JsonSerializerOptions.Web), AtomicFile.Readable, ct);

    /// <summary>Null when the role does not run (no file, or its process is gone; of one in another container only the file is seen).</summary>
    public static RunFile? Read(SlipwayHome home, string role)
    {
        try
        {
            var file = JsonSerializer.Deserialize<RunFile>(File.ReadAllBytes(PathOf(home, role)), JsonSerializerOptions.Web);
            return file is not null && (home.IsRunShared || Directory.Exists($"/proc/{file.Pid}")) ? file : null;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

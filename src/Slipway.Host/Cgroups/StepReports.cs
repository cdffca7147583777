using System.Globalization;
using System.Text.Json;
using Slipway.Core;
using Slipway.Core.Hosting;

namespace Slipway.Host.Cgroups;

/// <summary>
/// Where builds run as a user that may not write cgroups, somebody else on this host holds their steps, and tells by files: one folder,
/// written by him, read by those who build.
/// <code>
///   held                 the limits in force (JSON); its time is that of the last look
///   {deployment, 32 hex} a line (JSON) for each limit that a step of this build ran into
/// </code>
/// </summary>
internal sealed class StepReports(string folder, TimeProvider time)
{
    /// <summary>He looks twice a minute.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(2);

    /// <summary>Longer than any build.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private string HeldFile => Path.Combine(folder, "held");

    public void Held(StepLimits limits)
    {
        var beside = HeldFile + ".new";
        File.WriteAllText(beside, JsonSerializer.Serialize(limits));
        File.Move(beside, HeldFile, overwrite: true);
        var now = time.GetUtcNow().UtcDateTime;
        File.SetLastWriteTimeUtc(HeldFile, now);
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => f != HeldFile && File.GetLastWriteTimeUtc(f) < now - Kept)) File.Delete(file);
    }

    public void Ended()
    {
        if (Directory.Exists(folder)) File.Delete(HeldFile);
    }

    /// <summary>Once: a step that goes on trying runs into its limit again and again.</summary>
    public void Add(DeploymentId build, StepHit hit)
    {
        try
        {
            if (!HitsOf(build).Contains(hit)) File.AppendAllText(FileOf(build), JsonSerializer.Serialize(hit) + "\n");
        }
        catch (IOException)
        {
            // A full disk: the step is held all the same, and its end is told without the reason.
        }
    }

    /// <summary>Null: nobody holds them now.</summary>
    public StepLimits? Read()
    {
        try
        {
            return File.Exists(HeldFile) && time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(HeldFile) < Stale ? JsonSerializer.Deserialize<StepLimits>(File.ReadAllText(HeldFile)) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public IReadOnlyList<StepHit> HitsOf(DeploymentId build)
    {
        try
        {
            var text = File.Exists(FileOf(build)) ? File.ReadAllText(FileOf(build)) : "";
            // A last line without its end is being written.
            return [.. text.Split('\n')[..^1].Select(line => JsonSerializer.Deserialize<StepHit>(line)!).Distinct()];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    private string FileOf(DeploymentId build) => Path.Combine(folder, build.Value.ToString("N", CultureInfo.InvariantCulture));
}

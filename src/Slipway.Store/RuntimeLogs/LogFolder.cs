using Slipway.Core;

namespace Slipway.Store.RuntimeLogs;

/// <summary>One deployment's files, oldest first. Guarded by its owner's lock.</summary>
internal sealed class LogFolder(string root, ProjectId project, DeploymentId deployment)
{
    public ProjectId Project { get; } = project;

    public DeploymentId Deployment { get; } = deployment;

    public string Path { get; } = System.IO.Path.Combine(root, project.ToString(), deployment.ToString());

    public List<LogSegment> Segments { get; } = [];

    public long Bytes => Segments.Sum(s => s.Length);

    public bool IsRemoved { get; set; }

    /// <summary>All there is from a place on, or from its begin where that place was dropped.</summary>
    /// <param name="from">A segment, by its first line, and where in it.</param>
    public IReadOnlyList<LogPart> Parts((long FirstLine, long Offset) from) =>
        [.. Segments.Where(s => s.FirstLine >= from.FirstLine).Select(s => new LogPart(s.Path, Deployment, s.FirstLine == from.FirstLine ? from.Offset : 0, s.Length)).Where(p => p.From < p.To)];

    public (long FirstLine, long Offset) End => Segments is [.., var last] ? (last.FirstLine, last.Length) : (0, 0);

    /// <summary>The segment in which the line after this one may be.</summary>
    public (long FirstLine, long Offset) PlaceAfter(long number) => Segments.FindLast(s => s.FirstNumber <= number) is { } segment ? (segment.FirstLine, 0) : (0, 0);

    public void DropOldest()
    {
        var oldest = Segments[0];
        Segments.RemoveAt(0);
        File.Delete(oldest.Path);
    }
}

using System.Collections.Concurrent;
using Slipway.Core.BuildLogs;

namespace Slipway.Testing.Contracts;

/// <summary>Keeps what a stage wrote.</summary>
public sealed class BuildLines : IBuildOutput
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new(StringComparer.Ordinal);

    public ConcurrentQueue<BuildLogLine> All { get; } = new();

    public IEnumerable<string> Texts => All.Select(line => line.Text);

    public IEnumerable<BuildLogLine> Changes => All.Where(line => line.Change is not null);

    public void Line(BuildLogStream stream, string? step, string text) => Add(new(0, default, stream, step, text));

    public void Step(string step, string text, StepChange change) => Add(new(0, default, BuildLogStream.System, step, text) { Change = change });

    public ValueTask CatchUpAsync(CancellationToken ct) => ValueTask.CompletedTask;

    private void Add(BuildLogLine line)
    {
        All.Enqueue(line);
        if (_awaited.TryGetValue(line.Text, out var seen)) seen.TrySetResult();
    }

    /// <summary>Done when a line says exactly this.</summary>
    public Task SeenAsync(string text)
    {
        var seen = _awaited.GetOrAdd(text, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (Texts.Contains(text)) seen.TrySetResult();
        return seen.Task;
    }
}

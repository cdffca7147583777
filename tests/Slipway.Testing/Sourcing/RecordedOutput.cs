using System.Collections.Concurrent;
using Slipway.Core.BuildLogs;

namespace Slipway.Testing.Sourcing;

/// <summary>Keeps what stages say.</summary>
public sealed class RecordedOutput : IBuildOutput
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string Text => string.Join('\n', _lines);

    public void Line(BuildLogStream stream, string? step, string text) => _lines.Enqueue(text);

    public void Step(string step, string text, StepChange change) => _lines.Enqueue(text);

    public ValueTask CatchUpAsync(CancellationToken ct) => ValueTask.CompletedTask;
}

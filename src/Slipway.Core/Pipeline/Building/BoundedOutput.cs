using Slipway.Core.BuildLogs;

namespace Slipway.Core.Pipeline.Building;

/// <summary>Passes a build's lines on until they are more than it may say; then it stops the build. Slipway's own sentences always pass.</summary>
internal sealed class BoundedOutput(IBuildOutput output, long maxBytes, Action<Failure> stop) : IBuildOutput
{
    private long _bytes;

    public void Line(BuildLogStream stream, string? step, string text)
    {
        if (stream != BuildLogStream.System)
        {
            // What a bomb still had under way.
            if (Interlocked.Read(ref _bytes) > maxBytes) return;
            var length = Math.Min(text.Length, BuildLogLine.MaxLength) + 1;
            if (Interlocked.Add(ref _bytes, length) > maxBytes)
            {
                stop(new Failure("build.log_limit", $"the build printed more than {Size.Of(maxBytes)} and was stopped",
                    "let it print less, or raise Slipway:Build:LogMegabytes", step));
                return;
            }
        }

        output.Line(stream, step, text);
    }

    public void Step(string step, string text, StepChange change) => output.Step(step, text, change);

    public ValueTask CatchUpAsync(CancellationToken ct) => output.CatchUpAsync(ct);
}

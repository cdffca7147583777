using Slipway.Client;

namespace Slipway.Cli.Output;

/// <summary>Long work as it goes: steps with their time, and lines beneath them.</summary>
internal abstract class Progress(TimeProvider time)
{
    private string? _step;
    private long _since;

    protected string? Step => _step;

    protected TimeSpan Elapsed => time.GetElapsedTime(_since);

    /// <summary>The step before it is done.</summary>
    public void Begin(string step)
    {
        if (step == _step) return;
        End();
        _step = step;
        _since = time.GetTimestamp();
        Began(step);
    }

    public void End(bool isGood = true)
    {
        if (_step is not { } step) return;
        _step = null;
        Ended(step, Elapsed, isGood);
    }

    public abstract void Line(string text);

    /// <summary>A build step within this one stands differently.</summary>
    /// <param name="text">The log's own words for it.</param>
    public abstract void BuildStep(string step, StepChangeView change, string text);

    /// <summary>What a program said.</summary>
    public abstract void Output(string? step, string text);

    protected abstract void Began(string step);

    protected abstract void Ended(string step, TimeSpan took, bool isGood);

    /// <summary>Runs the work under the progress that fits the screen.</summary>
    public static Task<T> RunAsync<T>(Screen screen, TimeProvider time, Func<Progress, Task<T>> work) =>
        screen.IsTerminal ? TerminalProgress.RunAsync(screen, time, work) : RunPlainAsync(new PlainProgress(screen.Progress, time), work);

    protected static async Task<T> RunPlainAsync<T>(Progress progress, Func<Progress, Task<T>> work)
    {
        try
        {
            var result = await work(progress);
            progress.End();
            return result;
        }
        catch
        {
            progress.End(isGood: false);
            throw;
        }
    }
}

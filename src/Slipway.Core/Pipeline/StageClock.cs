using Slipway.Core.Deployments;

namespace Slipway.Core.Pipeline;

public enum Stage { Fetch, Plan, Build, Seal, Run, Route }

/// <summary>Takes the time of each stage of one attempt.</summary>
public sealed class StageClock(TimeProvider time)
{
    private readonly Dictionary<Stage, TimeSpan> _taken = [];

    /// <summary>The stage that runs, or ran last.</summary>
    public Stage? Current { get; private set; }

    public async Task<T> MeasureAsync<T>(Stage stage, Func<Task<T>> run)
    {
        Current = stage;
        var start = time.GetTimestamp();
        try
        {
            return await run();
        }
        finally
        {
            _taken[stage] = time.GetElapsedTime(start);
        }
    }

    public T Measure<T>(Stage stage, Func<T> run)
    {
        Current = stage;
        var start = time.GetTimestamp();
        try
        {
            return run();
        }
        finally
        {
            _taken[stage] = time.GetElapsedTime(start);
        }
    }

    public StageTimings Taken() => new()
    {
        Fetch = Of(Stage.Fetch),
        Plan = Of(Stage.Plan),
        Build = Of(Stage.Build),
        Seal = Of(Stage.Seal),
        Run = Of(Stage.Run),
        Route = Of(Stage.Route),
    };

    private TimeSpan? Of(Stage stage) => _taken.TryGetValue(stage, out var taken) ? taken : null;
}

using Slipway.Client;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Slipway.Cli.Output;

/// <summary>For a person: what is done stays above, what goes on spins below with its time.</summary>
internal sealed class TerminalProgress : Progress
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private readonly Lock _gate = new();
    private readonly IAnsiConsole _console;
    private readonly LiveDisplayContext _live;
    private readonly LiveSteps _steps;
    private int _frame;

    private TerminalProgress(IAnsiConsole console, LiveDisplayContext live, TimeProvider time)
        : base(time) => (_console, _live, _steps) = (console, live, new LiveSteps(time));

    public static new async Task<T> RunAsync<T>(Screen screen, TimeProvider time, Func<Progress, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(screen.Progress) });
        return await console.Live(Text.Empty).AutoClear(true).StartAsync(async live =>
        {
            var progress = new TerminalProgress(console, live, time);
            using var done = new CancellationTokenSource();
            var clock = progress.TickAsync(time, done.Token);
            try
            {
                return await RunPlainAsync(progress, work);
            }
            finally
            {
                await done.CancelAsync();
                await clock;
            }
        });
    }

    public override void Line(string text) => _console.MarkupLineInterpolated($"[grey]  {text}[/]");

    public override void BuildStep(string step, StepChangeView change, string text)
    {
        var name = LiveSteps.Cut(change.Name, Math.Max(10, _console.Profile.Width - 16));
        lock (_gate)
        {
            if (change.State == "running") _steps.Begin(step, change.Name);
            else _steps.End(step);
        }

        var took = change.DurationMs is { } ms ? Words.Duration(ms) : "";
        switch (change.State)
        {
            case "cached":
                _console.MarkupLineInterpolated($"  [green]✓[/] {name} [blue]cached[/]");
                break;
            case "done":
                _console.MarkupLineInterpolated($"  [green]✓[/] {name} [grey]{took}[/]");
                if (change.Why is { } why) _console.MarkupLineInterpolated($"    [grey]not cached: {why}[/]");
                break;
            case "failed":
                _console.MarkupLineInterpolated($"  [red]✗[/] {name} [grey]{took}[/]");
                break;
            case "canceled":
                _console.MarkupLineInterpolated($"  [grey]◼ {name} stopped[/]");
                break;
        }

        Show();
    }

    public override void Output(string? step, string text)
    {
        lock (_gate) _steps.Say(step, text);
    }

    protected override void Began(string step) => Show();

    protected override void Ended(string step, TimeSpan took, bool isGood)
    {
        lock (_gate) _steps.Clear();
        if (isGood) _console.MarkupLineInterpolated($"[green]✓[/] {step} [grey]{Words.Duration(took)}[/]");
        else _console.MarkupLineInterpolated($"[red]✗[/] {step} [grey]{Words.Duration(took)}[/]");
        Show();
    }

    private void Show()
    {
        var rows = new List<IRenderable>();
        lock (_gate)
        {
            var spinner = Spinner.Known.Dots.Frames[_frame % Spinner.Known.Dots.Frames.Count];
            if (Step is { } step) rows.Add(Row(spinner, LiveSteps.Cut(step, Math.Max(10, _console.Profile.Width - 16)), Words.Duration(Elapsed)));
            rows.AddRange(_steps.Rows(_console.Profile.Width - 6).Select(r => Row($"  {spinner}", r.Head, r.Tail)));
        }

        _live.UpdateTarget(new Rows(rows));
    }

    private static Markup Row(string spinner, string head, string tail) => new($"[blue]{spinner}[/] {Markup.Escape(head)} [grey]{Markup.Escape(tail)}[/]");

    private async Task TickAsync(TimeProvider time, CancellationToken done)
    {
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(done))
            {
                _frame++;
                Show();
            }
        }
        catch (OperationCanceledException)
        {
            // The work is over.
        }
    }
}

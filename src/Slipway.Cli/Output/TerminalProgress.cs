using Spectre.Console;

namespace Slipway.Cli.Output;

/// <summary>For a person: what is done stays above, what goes on spins below with its time.</summary>
internal sealed class TerminalProgress : Progress
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private readonly IAnsiConsole _console;
    private readonly StatusContext _status;
    private string _detail = "";

    private TerminalProgress(IAnsiConsole console, StatusContext status, TimeProvider time)
        : base(time) => (_console, _status) = (console, status);

    public static new async Task<T> RunAsync<T>(Screen screen, TimeProvider time, Func<Progress, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(screen.Progress) });
        return await console.Status().Spinner(Spinner.Known.Dots).StartAsync("…", async status =>
        {
            var progress = new TerminalProgress(console, status, time);
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

    public override void Now(string detail)
    {
        _detail = detail;
        Show();
    }

    protected override void Began(string step)
    {
        _detail = "";
        Show();
    }

    protected override void Ended(string step, TimeSpan took, bool isGood)
    {
        if (isGood) _console.MarkupLineInterpolated($"[green]✓[/] {step} [grey]{Words.Duration(took)}[/]");
        else _console.MarkupLineInterpolated($"[red]✗[/] {step} [grey]{Words.Duration(took)}[/]");
    }

    private void Show()
    {
        if (Step is not { } step) return;
        // One line only: a longer one would leave its rest behind at each turn.
        var detail = _detail.Length == 0 ? "" : " " + _detail;
        var room = Math.Max(10, _console.Profile.Width - step.Length - 16);
        if (detail.Length > room) detail = detail[..(room - 1)] + "…";
        _status.Status($"{Markup.Escape(step)}[grey]{Markup.Escape(detail)} {Words.Duration(Elapsed)}[/]");
    }

    private async Task TickAsync(TimeProvider time, CancellationToken done)
    {
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(done)) Show();
        }
        catch (OperationCanceledException)
        {
            // The work is over.
        }
    }
}

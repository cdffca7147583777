using System.Collections.Concurrent;
using System.Diagnostics;

namespace EndToEnd.Tests.Bounded;

/// <summary>Asks for a page ten times a second until it is disposed of, and keeps how each was answered.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<(string Answer, TimeSpan Took)> _answers = new();
    private readonly Task _visits;

    public Visitor(Installation slipway, string url) => _visits = VisitAsync(slipway, url);

    /// <summary>Every visit had the page, however slowly.</summary>
    public void AssertServed(TimeSpan slowest)
    {
        Assert.InRange(_answers.Count, 5, int.MaxValue);
        Assert.All(_answers, visit => Assert.Equal("200 hello", visit.Answer));
        Assert.InRange(_answers.Max(visit => visit.Took), TimeSpan.Zero, slowest);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _visits;
        _end.Dispose();
    }

    private async Task VisitAsync(Installation slipway, string url)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!_end.IsCancellationRequested)
        {
            var clock = Stopwatch.StartNew();
            try
            {
                var (status, body) = await slipway.GetAsync(url);
                _answers.Enqueue(($"{status} {body}", clock.Elapsed));
            }
            catch (HttpRequestException e)
            {
                _answers.Enqueue((e.Message, clock.Elapsed));
            }

            await Task.WhenAny(timer.WaitForNextTickAsync().AsTask(), Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _end.Token));
        }
    }
}

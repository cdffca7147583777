using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Slipway.Core.Signals;

/// <summary>Hands every published value to every subscriber, in order; a slow one keeps its own backlog and holds nobody up.</summary>
public sealed class Feed<T>
{
    private readonly Lock _gate = new();
    private readonly List<(Func<T, bool> Wanted, ChannelWriter<T> Writer)> _subscribers = [];

    public void Publish(T value)
    {
        lock (_gate)
        {
            foreach (var (wanted, writer) in _subscribers)
            {
                if (wanted(value)) writer.TryWrite(value);
            }
        }
    }

    /// <summary>Subscribed when this returns, before anyone enumerates; ends without an exception when <paramref name="ct"/> is cancelled.</summary>
    public IAsyncEnumerable<T> Subscribe(Func<T, bool> wanted, CancellationToken ct)
    {
        var backlog = Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = true });
        lock (_gate) _subscribers.Add((wanted, backlog.Writer));
        var ending = ct.UnsafeRegister(_ => Remove(backlog.Writer), null);
        return ReadAsync(backlog, ending, CancellationToken.None);
    }

    private async IAsyncEnumerable<T> ReadAsync(Channel<T> backlog, CancellationTokenRegistration ending, [EnumeratorCancellation] CancellationToken ct)
    {
        try
        {
            await foreach (var value in backlog.Reader.ReadAllAsync(ct)) yield return value;
        }
        finally
        {
            await ending.DisposeAsync();
            Remove(backlog.Writer);
        }
    }

    private void Remove(ChannelWriter<T> writer)
    {
        lock (_gate) _subscribers.RemoveAll(s => s.Writer == writer);
        writer.TryComplete();
    }
}

using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace BuildKit.Client.Session;

/// <summary>The only address that the session's Kestrel listens on: connections are handed in, nothing can dial it.</summary>
internal sealed class SessionEndPoint : EndPoint
{
    public override string ToString() => "buildkit-session";
}

internal sealed class SessionListener : IConnectionListenerFactory, IConnectionListenerFactorySelector, IConnectionListener
{
    private readonly Channel<ConnectionContext> _handed = Channel.CreateUnbounded<ConnectionContext>();

    public EndPoint EndPoint { get; private set; } = new SessionEndPoint();

    public bool CanBind(EndPoint endpoint) => endpoint is SessionEndPoint;

    public void Hand(ConnectionContext connection)
    {
        var isOpen = _handed.Writer.TryWrite(connection);
        ObjectDisposedException.ThrowIf(!isOpen, this);
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        return new ValueTask<IConnectionListener>(this);
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _handed.Reader.WaitToReadAsync(cancellationToken) && _handed.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _handed.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}

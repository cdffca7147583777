using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace BuildKit.Client.Session;

/// <summary>A connection for Kestrel over any stream: here the daemon is the client and we are the server.</summary>
internal sealed class StreamConnection : ConnectionContext
{
    private readonly Stream _stream;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _aborted = new();

    public StreamConnection(Stream stream)
    {
        _stream = stream;
        Transport = new Pipes(
            PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true)),
            PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: 64 * 1024, leaveOpen: true)));
        ConnectionClosed = _aborted.Token;
    }

    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    public override IDuplexPipe Transport { get; set; }

    /// <summary>Done when Kestrel has let go of it.</summary>
    public Task Closed => _closed.Task;

    public override void Abort(ConnectionAbortedException abortReason)
    {
        _stream.Dispose();
        try
        {
            _aborted.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Let go of already.
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _aborted.Dispose();
        _closed.TrySetResult();
        await base.DisposeAsync();
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

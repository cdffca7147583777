using System.IO.Pipelines;
using System.Text;
using Slipway.Core;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Testing.InMemory;

/// <summary>Knows <c>echo WORDS</c>, <c>cat</c> (what is put in), <c>ls</c> (fails: there is nothing) and <c>sh -c "exit N"</c>.</summary>
public sealed class InMemoryCommands(IContainerRuntime runtime) : IInstanceCommands
{
    public async Task<RunningCommand?> BeginAsync(InstanceId id, InstanceCommand command, CancellationToken ct) =>
        await runtime.InspectAsync(id, ct) is { State: InstanceState.Running } ? new Scripted([.. command.Words]) : null;

    private sealed class Scripted(string[] words) : RunningCommand
    {
        private readonly Pipe _input = new();
        private bool _isTold;

        public override async Task<CommandOutput> ReadAsync(byte[] buffer, CancellationToken ct)
        {
            if (words is ["cat"])
            {
                var read = await _input.Reader.ReadAsync(ct);
                var taken = read.Buffer.Slice(0, Math.Min(buffer.Length, read.Buffer.Length));
                System.Buffers.BuffersExtensions.CopyTo(taken, buffer);
                var count = (int)taken.Length;
                _input.Reader.AdvanceTo(taken.End);
                return new CommandOutput(count, false);
            }

            if (_isTold) return default;
            _isTold = true;
            var (text, isError) = words switch
            {
                ["echo", .. var rest] => (string.Join(' ', rest) + "\n", false),
                ["ls", var path] => ($"ls: {path}: No such file or directory\n", true),
                ["sh", "-c", _] => ("", false),
                _ => ($"exec: \"{words[0]}\": executable file not found in $PATH\n", false),
            };
            return new CommandOutput(Encoding.UTF8.GetBytes(text, buffer), isError);
        }

        public override async Task WriteAsync(ReadOnlyMemory<byte> input, CancellationToken ct) => await _input.Writer.WriteAsync(input, ct);

        public override void EndInput() => _input.Writer.Complete();

        public override Task ResizeAsync(int columns, int rows, CancellationToken ct) => Task.CompletedTask;

        public override Task<int> ExitCodeAsync(CancellationToken ct) => Task.FromResult(words switch
        {
            ["echo", ..] or ["cat"] => 0,
            ["ls", ..] => 1,
            ["sh", "-c", var script] when script.StartsWith("exit ", StringComparison.Ordinal) => int.Parse(script[5..], System.Globalization.CultureInfo.InvariantCulture),
            _ => 127,
        });

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

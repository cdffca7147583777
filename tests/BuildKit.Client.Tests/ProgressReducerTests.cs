using BuildKit.Client.Progress;
using BuildKit.Client.Wire;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace BuildKit.Client.Tests;

public class ProgressReducerTests
{
    [Fact]
    public void Lines_cut_anywhere_are_put_together_per_stream()
    {
        var seen = new Recorder();
        var reducer = new ProgressReducer();
        void Add(StatusResponse status) => reducer.Reduce(status).ToList().ForEach(seen.Tell);
        Add(Log("one\ntw", 1));
        Add(Log("error ä\n"u8.ToArray()[..7], 2));
        Add(Log("o\n", 1));
        Add(Log("error ä\n"u8.ToArray()[7..], 2));
        Add(Log("10%\r20%\r30%\nrest", 1));
        seen.Rest();
        Assert.Equal(["one", "two", "!error ä", "30%", "rest"], seen.Lines);
    }

    [Fact]
    public void A_progress_bar_is_its_last_state_wherever_it_is_cut_and_takes_the_room_of_one()
    {
        var bar = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"\u001b[32m{i} of 10000\u001b[0m\r")) + "\u001b[Kdone\r\nnext\r\n\r\nlast\r";
        foreach (var cut in new[] { 1, 2, 7, 4096, int.MaxValue })
        {
            var lines = new LineBuffer();
            var seen = new List<string>();
            foreach (var part in System.Text.Encoding.UTF8.GetBytes(bar).Chunk(cut)) seen.AddRange(lines.Add(part));
            Assert.Equal(["\u001b[Kdone", "next", "", "last"], [.. seen, lines.Rest()]);
        }

        var endless = new LineBuffer();
        for (var i = 0; i < 300_000; i++) Assert.Empty(endless.Add(System.Text.Encoding.UTF8.GetBytes($"{i} of 300000\r")));
        Assert.Equal("299999 of 300000", endless.Rest());
    }

    [Fact]
    public void The_last_message_of_a_step_wins_and_the_first_failure_is_kept()
    {
        var seen = new Recorder();
        var reducer = new ProgressReducer();
        void Add(StatusResponse status) => reducer.Reduce(status).ToList().ForEach(seen.Tell);
        var start = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        Add(Step("a", "RUN a", start, null, null));
        Add(Step("a", "RUN a", start, start.AddSeconds(2), "exit code: 3"));
        Add(Step("b", "RUN b", start, start.AddSeconds(2), "context canceled"));
        Assert.Equal("RUN a", reducer.Failed?.Name);
        Assert.Equal(TimeSpan.FromSeconds(2), reducer.Failed?.Duration);
        Assert.Equal([BuildStepState.Running, BuildStepState.Failed, BuildStepState.Failed], seen.Steps.Select(s => s.State));
    }

    private static StatusResponse Log(string text, int stream) => Log(System.Text.Encoding.UTF8.GetBytes(text), stream);

    private static StatusResponse Log(byte[] bytes, int stream) => new() { Logs = { new VertexLog { Vertex = "v", Stream = stream, Msg = ByteString.CopyFrom(bytes) } } };

    private static StatusResponse Step(string digest, string name, DateTime start, DateTime? end, string? error) => new()
    {
        Vertexes = { new Vertex { Digest = digest, Name = name, Started = Timestamp.FromDateTime(start), Completed = end is { } e ? Timestamp.FromDateTime(e) : null, Error = error ?? "" } },
    };
}

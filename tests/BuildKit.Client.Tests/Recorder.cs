namespace BuildKit.Client.Tests;

/// <summary>Keeps what a build told.</summary>
internal sealed class Recorder
{
    private readonly StepLines _lines = new();

    public List<string> Lines { get; } = [];

    public List<BuildStep> Steps { get; } = [];

    public List<StepTransfer> Transfers { get; } = [];

    public Action<BuildStep>? OnStep { get; init; }

    public void Tell(BuildEvent happened)
    {
        Lines.AddRange(_lines.Add(happened).Select(Text));
        if (happened is StepTransfer transfer) Transfers.Add(transfer);
        if (happened is not StepChanged { Step: var step }) return;
        Steps.Add(step);
        OnStep?.Invoke(step);
    }

    public void Rest() => Lines.AddRange(_lines.Rest().Select(Text));

    private static string Text(StepLine line) => line.IsError ? "!" + line.Text : line.Text;
}

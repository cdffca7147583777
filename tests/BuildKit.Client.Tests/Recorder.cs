namespace BuildKit.Client.Tests;

internal sealed class Recorder : IBuildProgress
{
    public List<string> Lines { get; } = [];

    public List<BuildStep> Steps { get; } = [];

    public Action<BuildStep>? OnStep { get; init; }

    public void Step(BuildStep step)
    {
        lock (Steps) Steps.Add(step);
        OnStep?.Invoke(step);
    }

    public void Line(BuildStep step, bool isError, string text)
    {
        lock (Lines) Lines.Add(isError ? "!" + text : text);
    }

    public void Warning(string text) => Lines.Add("warning " + text);
}

using Slipway.Client;

namespace Slipway.Cli.Output;

/// <summary>For pipes, files and CI: a line is a line, nothing moves.</summary>
internal sealed class PlainProgress(TextWriter to, TimeProvider time) : Progress(time)
{
    /// <summary>Shorter steps are not worth a line about their time.</summary>
    private static readonly TimeSpan WorthSaying = TimeSpan.FromSeconds(1);

    public override void Line(string text) => Write($"  {text}");

    public override void BuildStep(string step, StepChangeView change, string text) => Line(text);

    public override void Output(string? step, string text) => Line($"  {text}");

    protected override void Began(string step) => Write($"{step} …");

    protected override void Ended(string step, TimeSpan took, bool isGood)
    {
        if (isGood && took >= WorthSaying) Write($"{step}: {Words.Duration(took)}");
    }

    private void Write(string line)
    {
        to.WriteLine(line);
        to.Flush();
    }
}

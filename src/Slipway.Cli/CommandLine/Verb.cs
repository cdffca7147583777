using System.CommandLine;

namespace Slipway.Cli.CommandLine;

/// <summary>How the verbs are grouped in <c>slipway --help</c>.</summary>
internal enum VerbGroup { Deploy, Look, Change, Machine, Hidden }

/// <param name="Text">After <c>slipway </c>.</param>
internal sealed record Example(string Text, string Why);

/// <summary>A verb with what its help teaches.</summary>
internal sealed class Verb : Command
{
    public Verb(string name, string summary, VerbGroup group, params Example[] examples)
        : base(name, summary)
    {
        Group = group;
        Examples = examples;
        Hidden = group == VerbGroup.Hidden;
    }

    public VerbGroup Group { get; }

    public IReadOnlyList<Example> Examples { get; }

    /// <summary>What follows its first argument may be anything: another program's words.</summary>
    public bool TakesCommand { get; set; }

    /// <summary>Paragraphs below the options.</summary>
    public string? More { get; init; }
}

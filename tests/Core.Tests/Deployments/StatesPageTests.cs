using System.Text;
using Slipway.Core.Deployments;
using Slipway.Testing;

namespace Core.Tests.Deployments;

/// <summary>Prints docs/states.md by asking the table itself.</summary>
public sealed class StatesPageTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<Type, string> Meanings = new()
    {
        [typeof(BuildStarted)] = "a worker claims it, with an attempt higher than any before",
        [typeof(SourceFetched)] = "the commit is pinned",
        [typeof(BuildInterrupted)] = "the worker gave it back",
        [typeof(ImageShipped)] = "the image is there and pinned by digest",
        [typeof(WentLive)] = "its address answered through the edge",
        [typeof(DeploymentFailed)] = "it cannot go on, and says why",
        [typeof(CancelRequested)] = "somebody asked to stop it",
        [typeof(Retired)] = "removed by a person or by retention",
        [typeof(CommandRun)] = "somebody runs a command in its instance; kept so that it can be told who did what",
    };

    [Fact]
    public void The_page_of_states_is_what_the_table_does() => Golden.Match(Print(), "docs/states.md");

    private static string Print()
    {
        var states = Enum.GetValues<DeploymentState>();
        var page = new StringBuilder("""
            # States of a deployment

            <!-- Printed from DeploymentTransitions by tests/Core.Tests; eng/golden rewrites it. -->

            A deployment changes only by events, through `IDeploymentStore.ApplyAsync`. An event names the attempt it speaks for;
            one of another attempt is refused, as is every event where the table has no entry.

            ```mermaid
            stateDiagram-v2
                [*] --> queued
                [*] --> waiting: a fork's pull request

            """);
        foreach (var (from, happened, to) in Transitions(states)) page.Append($"    {from.ToWire()} --> {to.ToWire()}: {happened.Name}\n");
        foreach (var final in states.Where(s => s.IsFinal())) page.Append($"    {final.ToWire()} --> [*]\n");
        page.Append("```\n\n| event | means |").Append(string.Concat(states.Select(s => $" {s.ToWire()} |"))).Append('\n');
        page.Append("|---|---|").Append(string.Concat(states.Select(_ => "---|"))).Append('\n');
        foreach (var happened in Meanings.Keys)
        {
            page.Append($"| `{happened.Name}` | {Meanings[happened]} |");
            foreach (var state in states) page.Append($" {After(state, happened)?.ToWire()} |");
            page.Append('\n');
        }

        return page.Replace("|  |", "| |").Replace("|  |", "| |").ToString();
    }

    private static IEnumerable<(DeploymentState From, Type Event, DeploymentState To)> Transitions(DeploymentState[] states) =>
        from happened in Meanings.Keys
        from state in states
        let after = After(state, happened)
        where after is not null && after != state
        select (state, happened, after.Value);

    private static DeploymentState? After(DeploymentState state, Type kind)
    {
        var attempt = kind == typeof(BuildStarted) ? 2 : 1;
        var happened = StoreSamples.Events(attempt).Single(e => e.GetType() == kind);
        return DeploymentTransitions.Apply(DeploymentTransitionsTests.In(state, 1), happened, Now)?.State;
    }
}

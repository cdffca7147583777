using System.Globalization;
using Slipway.Core.Deployments;

namespace Slipway.Core.Projects;

/// <summary>How a variable will differ from what serves now.</summary>
public enum VariableChange { Added, Removed, Changed }

/// <summary>A variable by its name; values are nobody's business here.</summary>
public sealed record VariableDifference(string Name, VariableChange Change);

/// <summary>What is different in what a roll back brings, besides its source. Pure.</summary>
/// <param name="Other">Each in words.</param>
public sealed record RollbackDifference(IReadOnlyList<VariableDifference> Environment, IReadOnlyList<string> Other)
{
    /// <param name="from">What serves now and whose variables it runs with; null when production is nobody's.</param>
    public static RollbackDifference Of((Deployment Deployment, EnvironmentTarget Target)? from, (Deployment Deployment, EnvironmentTarget Target) to, IReadOnlyCollection<EnvironmentVariable> variables)
    {
        var other = new List<string>();
        if (to.Target == EnvironmentTarget.Preview) other.Add("it runs with preview's variables until its next start");
        if (from is not { } now) return new RollbackDifference([], other);
        var (a, b) = (now.Deployment, to.Deployment);
        Compare(other, "the repository or folder", a.Source.Url ?? a.Source.Folder, b.Source.Url ?? b.Source.Folder);
        Compare(other, "the branch", a.Source.Branch, b.Source.Branch);
        Compare(other, "the root directory", a.RootDirectory, b.RootDirectory);
        Compare(other, "how it is built", a.Plan?.Framework ?? a.Plan?.Provider, b.Plan?.Framework ?? b.Plan?.Provider);
        Compare(other, "the start command", a.Plan?.Start, b.Plan?.Start);
        Compare(other, "the port", a.Revision?.Port.ToString(CultureInfo.InvariantCulture), b.Revision?.Port.ToString(CultureInfo.InvariantCulture));
        return new RollbackDifference(Variables(Known(a, now.Target, variables), Known(b, to.Target, variables)), other);
    }

    private static List<VariableDifference> Variables(Dictionary<string, string> now, Dictionary<string, string> then)
    {
        var differences = new List<VariableDifference>();
        foreach (var name in now.Keys.Union(then.Keys).Order(StringComparer.Ordinal))
        {
            if (!then.TryGetValue(name, out var comes)) differences.Add(new(name, VariableChange.Removed));
            else if (!now.TryGetValue(name, out var goes)) differences.Add(new(name, VariableChange.Added));
            else if (goes != comes) differences.Add(new(name, VariableChange.Changed));
        }

        return differences;
    }

    /// <summary>The plan's, the project's of this target, the deployment's own; each wins over those before it.</summary>
    private static Dictionary<string, string> Known(Deployment d, EnvironmentTarget target, IEnumerable<EnvironmentVariable> variables)
    {
        var all = new Dictionary<string, string>(d.Revision?.Environment ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        foreach (var v in ProjectEnvironment.For(target, variables)) all[v.Name] = v.Value.Reveal();
        foreach (var (name, value) in d.Environment) all[name] = value;
        return all;
    }

    private static void Compare(List<string> other, string what, string? now, string? then)
    {
        if (now != then) other.Add($"{what}: {then ?? "none"} instead of {now ?? "none"}");
    }
}

namespace Slipway.Core.Projects;

/// <summary>Which deployments get a variable.</summary>
[Flags]
public enum EnvironmentTarget { None = 0, Production = 1, Preview = 2, Both = 3 }

/// <summary>When a variable is there.</summary>
[Flags]
public enum EnvironmentPhase { None = 0, Build = 1, Run = 2, Both = 3 }

/// <summary>A project's variable; encrypted at rest, and shown again only when it is not a secret.</summary>
public sealed record EnvironmentVariable(string Name, Secret Value, EnvironmentTarget Target, EnvironmentPhase Phase, bool IsSecret)
{
    /// <summary>Null when the name can be used as a variable's, else why not.</summary>
    public static Failure? CheckName(string? name)
    {
        if (string.IsNullOrEmpty(name)) return Refuse("is empty");
        if (!char.IsAsciiLetter(name[0]) && name[0] != '_') return Refuse($"'{name}' must start with a letter or _");
        return name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? null : Refuse($"'{name}' may hold only letters, digits and _");
    }

    private static Failure Refuse(string why) =>
        new("env.name_invalid", $"the variable's name {why}", "use a name like DATABASE_URL");
}

namespace Slipway.Core.Tenancy;

/// <summary>
/// Whose rows the code that runs now may see. The store's one query filter reads it, so that no query can forget to.
/// With no scope entered nothing is visible; the loops of the platform itself enter <see cref="System"/>.
/// </summary>
public sealed class TeamScope : IDisposable
{
    private static readonly AsyncLocal<TeamScope?> Ambient = new();
    private readonly TeamScope? _outer;

    private TeamScope(TeamId? team, bool isSystem)
    {
        (Team, IsSystem, _outer) = (team, isSystem, Ambient.Value);
        Ambient.Value = this;
    }

    /// <summary>The one team of a fresh installation.</summary>
    public static TeamId DefaultTeam { get; } = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));

    public static TeamScope? Current => Ambient.Value;

    public TeamId? Team { get; }

    public bool IsSystem { get; }

    /// <summary>From here to Dispose, only <paramref name="team"/>'s rows exist.</summary>
    public static TeamScope Enter(TeamId team) => new(team, false);

    /// <summary>From here to Dispose, every team's rows exist: for the platform's own loops, never for a request.</summary>
    public static TeamScope EnterSystem() => new(null, true);

    /// <summary>Whether <paramref name="team"/>'s rows exist here.</summary>
    public bool Sees(TeamId team) => IsSystem || Team == team;

    /// <summary>Enters the same scope again, for work that outlives the block that entered it (a stream, a watcher).</summary>
    public TeamScope Reenter() => new(Team, IsSystem);

    public void Dispose() => Ambient.Value = _outer;
}

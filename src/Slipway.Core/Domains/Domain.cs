namespace Slipway.Core.Domains;

/// <summary>A host name of a user's own: it leads to its project's production, or sends visitors on to another of the project's domains.</summary>
/// <param name="Host">Lower case, A-labels; of one project in the whole installation.</param>
/// <param name="RedirectTo">Another domain of the same project, which serves; null: it serves itself.</param>
public sealed record Domain(string Host, ProjectId Project, TeamId Team, string? RedirectTo, DateTimeOffset CreatedAt);

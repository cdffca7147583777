namespace Slipway.Core.Domains;

/// <summary>What every <see cref="IDomainStore"/> holds to; asked inside the transaction that writes.</summary>
public static class DomainRules
{
    /// <param name="holder">Of any team.</param>
    /// <param name="own">The project's others.</param>
    public static Failure? CheckAdd(Domain wanted, ProjectId? holder, IReadOnlyCollection<Domain> own)
    {
        if (holder is { } known && known != wanted.Project) return new Failure("domain.taken", $"'{wanted.Host}' is another project's", "remove it there first: slipway domains rm PROJECT HOST");
        if (wanted.RedirectTo is not { } target) return null;
        if (target == wanted.Host) return new Failure("domain.redirect_target", $"'{wanted.Host}' would lead to itself", "redirect it to another domain of the project");
        if (own.FirstOrDefault(d => d.RedirectTo == wanted.Host) is { } visitor) return new Failure("domain.redirect_target", $"'{visitor.Host}' redirects to '{wanted.Host}', which must serve then", $"redirect '{visitor.Host}' to '{target}' first");
        return own.Any(d => d.Host == target && d.RedirectTo is null)
            ? null : new Failure("domain.redirect_target", $"'{target}' is no domain of this project that serves", $"add it first: slipway domains add PROJECT {target}");
    }

    public static Failure? CheckRemove(string host, IReadOnlyCollection<Domain> own)
    {
        if (!own.Any(d => d.Host == host)) return new Failure("domain.not_found", $"'{host}' is no domain of this project", "list them with: slipway domains ls PROJECT");
        return own.FirstOrDefault(d => d.RedirectTo == host) is { } visitor
            ? new Failure("domain.redirect_target", $"'{visitor.Host}' redirects to '{host}'", $"remove '{visitor.Host}' first, or redirect it elsewhere") : null;
    }
}

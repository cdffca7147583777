namespace Slipway.StaticSite;

/// <summary>What a path gets, decided from the index alone.</summary>
internal abstract record Answer
{
    private Answer() { }

    internal sealed record Found(SiteFile File) : Answer;

    internal sealed record Redirect(string Path) : Answer;

    /// <param name="Page">404.html, where there is one.</param>
    internal sealed record NotFound(SiteFile? Page) : Answer;

    /// <param name="wantsPage">The client asks for a page, not for an asset or by a script.</param>
    /// <param name="isLoose">Whether a page's address ends in a slash is decided elsewhere: it is served with and without.</param>
    public static Answer For(Site site, string path, bool isSpa, bool wantsPage, bool isLoose = false)
    {
        if (site[path] is { } file) return new Found(file);

        var bare = path.TrimEnd('/');
        if (isLoose && (site[bare + ".html"] ?? site[bare + "/index.html"]) is { } either) return new Found(either);
        if (path.EndsWith('/'))
        {
            if (site[bare + "/index.html"] is { } index && path.Length == bare.Length + 1) return new Found(index);
            if (bare.Length > 0 && site[bare + ".html"] is not null) return new Redirect(bare);
        }
        else
        {
            if (site[path + ".html"] is { } page) return new Found(page);
            if (site[path + "/index.html"] is not null) return new Redirect(path + "/");
        }

        // An asset that is missing must fail as itself: HTML in place of a script breaks later and further away.
        if (wantsPage && !Path.HasExtension(bare) && Fallback(site, isSpa) is { } fallback) return new Found(fallback);
        return new NotFound(site["/404.html"]);
    }

    private static SiteFile? Fallback(Site site, bool isSpa) => site["/200.html"] ?? (isSpa ? site["/index.html"] : null);
}

using System.Text.RegularExpressions;

namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>Where a request is sent by a rule.</summary>
public readonly record struct RuleRedirect(int Status, string Location);

/// <param name="Next">For the next look: rules before it have had their turn.</param>
/// <param name="Target">Path and query; or an address when <paramref name="IsExternal"/>.</param>
/// <param name="Status">Of the answer; null: as it was.</param>
public sealed record RuleRewrite(int Next, string Target, bool IsExternal, int? Status);

/// <summary>
/// A deployment's rules, made ready; for any number of requests at a time. The order is that of their origin: cleanUrls, trailingSlash,
/// redirects, headers; then what the app has itself; then rewrites, each going on from where the one before led.
/// </summary>
public sealed partial class RuleSet
{
    private readonly EdgeRules _rules;
    private readonly List<(ReadyRule Rule, RuleTemplate Location, int Status)> _redirects = [];
    private readonly List<(ReadyRule Rule, RuleTemplate Target, int? Status)> _rewrites = [];
    private readonly List<(ReadyRule Rule, (RuleTemplate Key, RuleTemplate Value)[] Headers)> _headers = [];

    /// <exception cref="FormatException">A rule is none: only where <see cref="RuleReader"/> did not look first.</exception>
    public RuleSet(EdgeRules rules)
    {
        _rules = rules;
        foreach (var r in rules.Redirects)
        {
            var ready = new ReadyRule(r.Source, r.Has, r.Missing);
            _redirects.Add((ready, new RuleTemplate(Destination.Fill(r.Destination, ready.Names(), isRewrite: false), ready.Caught()), r.Status));
        }

        foreach (var r in rules.Rewrites)
        {
            var ready = new ReadyRule(r.Source, r.Has, r.Missing);
            _rewrites.Add((ready, new RuleTemplate(Destination.Fill(r.Destination, ready.Names(), isRewrite: true), ready.Caught()), r.Status));
        }

        foreach (var r in rules.Headers)
        {
            var ready = new ReadyRule(r.Source, r.Has, r.Missing);
            var (names, caught) = (ready.Names(), ready.Caught());
            _headers.Add((ready, [.. r.Headers.Select(h => (Header(h.Key), Header(h.Value)))]));

            RuleTemplate Header(string text) => new(names.Count > 0 && text.Contains(':', StringComparison.Ordinal) ? Destination.Spared(text, names) : text, caught);
        }
    }

    /// <summary>The app is files: see <see cref="EdgeRules.IsStatic"/>.</summary>
    public bool IsStatic => _rules.IsStatic;

    /// <summary>Its files may be asked for with and without a slash: which of the two is right is decided here.</summary>
    public bool DecidesSlash => _rules.CleanUrls == true || _rules.TrailingSlash is not null;

    public bool HasHeaders => _headers.Count > 0;

    /// <exception cref="RuleTooSlowException"/>
    public RuleRedirect? Redirect(RuleRequest request)
    {
        if (Tidy(request.Path) is { } tidy) return To(request, 308, tidy);
        if (IsLeftAlone(request.Path)) return null;
        foreach (var (rule, location, status) in _redirects)
        {
            if (rule.Applies(request, request.Path, out var caught) && To(request, status, location.FillUrl(caught)) is { } redirect) return redirect;
        }

        return null;
    }

    /// <summary>In order; a later one of the same name goes before an earlier.</summary>
    /// <exception cref="RuleTooSlowException"/>
    public IReadOnlyList<RuleHeader> Headers(RuleRequest request)
    {
        if (_headers.Count == 0 || IsLeftAlone(request.Path)) return [];
        List<RuleHeader>? found = null;
        foreach (var (rule, headers) in _headers)
        {
            if (!rule.Applies(request, request.Path, out var caught)) continue;
            foreach (var (key, value) in headers)
            {
                var header = new RuleHeader(key.Fill(caught), value.Fill(caught));
                found ??= [];
                found.RemoveAll(h => h.Key.Equals(header.Key, StringComparison.OrdinalIgnoreCase));
                if (RuleHeaders.IsFit(header)) found.Add(header);
            }
        }

        return found ?? [];
    }

    /// <summary>The next rewrite for a path that the app has nothing at.</summary>
    /// <param name="path">The request's, or where the rewrite before led.</param>
    /// <param name="query">That goes with it.</param>
    /// <exception cref="RuleTooSlowException"/>
    public RuleRewrite? Rewrite(RuleRequest request, string path, string query, int from)
    {
        for (var i = from; i < _rewrites.Count; i++)
        {
            var (rule, template, status) = _rewrites[i];
            if (!rule.Applies(request, path, out var caught)) continue;
            var to = Destination.Split(template.FillUrl(caught));
            // The request's own values go before those of the rule.
            var target = to.Path + RuleQuery.Join(query, to.Query);
            if (to.Origin.Length > 0) return new RuleRewrite(i + 1, to.Origin + target, true, status);
            if (OneSlash(target) is var inside && inside != path + query) return new RuleRewrite(i + 1, inside, false, status);
        }

        return null;
    }

    private static RuleRedirect? To(RuleRequest request, int status, string location)
    {
        var to = Destination.Split(location);
        var target = to.Path + RuleQuery.Join(to.Query, request.Query);
        if (to.Origin.Length == 0 && OneSlash(target) == request.Path + request.Query) return null;
        return new RuleRedirect(status, (to.Origin.Length > 0 ? to.Origin + target : OneSlash(target)) + to.Hash);
    }

    /// <summary>Two slashes at the start would be another host's.</summary>
    private static string OneSlash(string path) => "/" + path.TrimStart('/', '\\');

    private bool IsLeftAlone(string path) => _rules.TrailingSlash == true && (path == "/.well-known" || path.StartsWith("/.well-known/", StringComparison.Ordinal));

    /// <summary>The one address that a page or a file has; null: this is it.</summary>
    private string? Tidy(string path)
    {
        if (_rules.CleanUrls == true)
        {
            var end = _rules.TrailingSlash == true ? "/" : "";
            if (Index().Match(path) is { Success: true } index) return $"/{index.Groups[1].Value}{end}";
            if (Html().Match(path) is { Success: true } html) return $"/{html.Groups[1].Value}{end}";
        }

        if (_rules.TrailingSlash is not { } slash || path == "/" || IsLeftAlone(path)) return null;
        if (!slash) return path.EndsWith('/') ? path[..^1] : null;
        if (Page().IsMatch(path)) return path + "/";
        return FileWithSlash().IsMatch(path) ? path[..^1] : null;
    }

    [GeneratedRegex(@"\A/(?:(.+)/)?index(?:\.html)?/?\z")]
    private static partial Regex Index();

    [GeneratedRegex(@"\A/(.*)\.html/?\z")]
    private static partial Regex Html();

    [GeneratedRegex(@"\A/(?:[^/]+/)*[^/.]+\z")]
    private static partial Regex Page();

    [GeneratedRegex(@"\A/(?:[^/]+/)*[^/]+\.[A-Za-z0-9_]+/\z")]
    private static partial Regex FileWithSlash();
}

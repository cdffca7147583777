using System.Net;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Pipeline.Planning.Rules;

namespace Slipway.Edge.Rules;

/// <summary>
/// One request's way through the rules of its host. What is only read is asked for at the app first, and where that has nothing rewritten;
/// all else is rewritten at once, for it cannot be sent twice.
/// </summary>
/// <param name="isRead">GET or HEAD, and nothing is sent along.</param>
internal sealed class RulePass(RuleSet rules, RuleRequest request, bool isRead)
{
    private string _path = request.Path;
    private string _query = request.Query;
    private RuleRewrite? _next;
    private int? _status;
    private bool _isMissing;

    /// <summary>What the app is asked for; null: what came.</summary>
    public string? Target { get; private set; }

    /// <summary>Who is asked in the app's place.</summary>
    public Uri? Elsewhere { get; private set; }

    /// <summary>For the static server.</summary>
    public string? Files => !rules.IsStatic ? null : (_next is not null, rules.DecidesSlash) switch
    {
        (true, true) => "exact, loose",
        (true, false) => "exact",
        (false, true) => "loose",
        _ => null,
    };

    /// <summary>Before it is sent anywhere.</summary>
    /// <exception cref="RuleTooSlowException"/>
    public void Begin()
    {
        _next = Next(0);
        while (!isRead && TryGoOn())
        {
        }
    }

    /// <summary>Whether an answer says that there is nothing, and a rewrite is left.</summary>
    public bool Misses(HttpResponseMessage? answer) => _isMissing = answer?.StatusCode == HttpStatusCode.NotFound && _next is not null && Elsewhere is null && isRead;

    /// <summary>After a miss: the way on.</summary>
    /// <exception cref="RuleTooSlowException"/>
    public bool TryFallBack()
    {
        if (!_isMissing) return false;
        _isMissing = false;
        return TryGoOn();
    }

    /// <summary>What the rules add to an answer; a server's own word on a header goes before theirs.</summary>
    public void Finish(HttpResponse response)
    {
        if (_status is { } status) response.StatusCode = status;
        foreach (var (key, value) in rules.Headers(request))
        {
            if (rules.IsStatic || Elsewhere is not null) response.Headers[key] = value;
            else response.Headers.TryAdd(key, value);
        }
    }

    private bool TryGoOn()
    {
        if (_next is not { } rewrite) return false;
        _status = rewrite.Status ?? _status;
        if (rewrite.IsExternal)
        {
            // A host that a request spelt wrong is nobody's.
            Elsewhere = Uri.TryCreate(rewrite.Target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }, out var address) ? address : new Uri("http://invalid.invalid/");
            _next = null;
            return true;
        }

        var question = rewrite.Target.IndexOf('?', StringComparison.Ordinal);
        (_path, _query) = question < 0 ? (rewrite.Target, "") : (rewrite.Target[..question], rewrite.Target[question..]);
        Target = rewrite.Target;
        _next = Next(rewrite.Next);
        return true;
    }

    private RuleRewrite? Next(int from)
    {
        var next = rules.Rewrite(request, _path, _query, from);
        // No page takes what is sent to it: a rule for a single-page app's addresses is not meant for its API.
        while (!isRead && next is { IsExternal: false } inside && IsPage(inside.Target)) next = rules.Rewrite(request, _path, _query, inside.Next);
        return next;
    }

    private static bool IsPage(string target) => target.Split('?')[0] is var path && (path == "/" || path.EndsWith(".html", StringComparison.Ordinal));
}

using System.Text.Json;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Server.Api.Webhooks;

/// <summary>What we read of a push; everything else in the payload is left alone.</summary>
internal sealed record PushEvent(string CloneUrl, IReadOnlyCollection<string> Origins, string? Branch, string? DefaultBranch, string After, string? Message, string? Author, string? WhyIgnored)
{
    /// <summary>The branch is gone with this push.</summary>
    public bool IsDeletion { get; init; }

    /// <summary>By the repository's clock: a delivery may come late, or again.</summary>
    public DateTimeOffset? PushedAt { get; init; }

    private static readonly string[] SkipWords = ["[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]", "[skip slipway]"];

    public static PushEvent? Parse(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return Read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static PushEvent? Read(JsonElement root)
    {
        if (Text(root, "ref") is not { } gitRef || Text(root, "after") is not { } after || !root.TryGetProperty("repository", out var repository)) return null;
        if (Text(repository, "clone_url") is not { } clone || GitUrl.Parse(clone) is var url && url.IsFailure(out _)) return null;
        var origins = new[] { clone, Text(repository, "ssh_url"), Text(repository, "html_url") }.Where(u => u is not null)
            .Select(u => GitUrl.Parse(u!)).Where(u => !u.IsFailure(out _)).Select(u => u.Value.Origin).ToHashSet();
        var head = root.TryGetProperty("head_commit", out var h) && h.ValueKind == JsonValueKind.Object ? h : (JsonElement?)null;
        var message = head is { } c ? Text(c, "message") : null;
        var author = head is { } a && a.TryGetProperty("author", out var by) ? Text(by, "name") : null;
        var branch = gitRef.StartsWith("refs/heads/", StringComparison.Ordinal) ? gitRef["refs/heads/".Length..] : null;
        return new PushEvent(url.Value.Text, origins, branch, Text(repository, "default_branch"), after, message?.Split('\n')[0], author, Why(root, branch, after, message))
        {
            IsDeletion = branch is not null && IsDeletionOf(root, after),
            PushedAt = repository.TryGetProperty("pushed_at", out var pushed) && pushed.ValueKind == JsonValueKind.Number && pushed.TryGetInt64(out var seconds) && seconds is > 0 and < 1L << 33
                ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
        };
    }

    private static bool IsDeletionOf(JsonElement root, string after) =>
        (root.TryGetProperty("deleted", out var deleted) && deleted.ValueKind == JsonValueKind.True) || after.All(c => c == '0');

    private static string? Why(JsonElement root, string? branch, string after, string? message)
    {
        if (branch is null) return "a tag starts nothing";
        if (GitRef.Check(branch) is { } bad) return bad.Message;
        if (IsDeletionOf(root, after)) return "the branch was deleted";
        return SkipWords.FirstOrDefault(w => message?.Contains(w, StringComparison.OrdinalIgnoreCase) == true) is { } word ? $"the commit says {word}" : null;
    }

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

namespace Slipway.Core.Pipeline.Sourcing;

public enum SourceKind { Git, Upload }

/// <summary>Where the files come from. Never a path of the server.</summary>
public sealed record SourceRef
{
    public required SourceKind Kind { get; init; }

    /// <summary>https or ssh, no credentials in it; git only.</summary>
    public string? Url { get; init; }

    /// <summary>Branch, tag or full commit asked for; null: the default branch. git only.</summary>
    public string? Ref { get; init; }

    /// <summary>Upload only.</summary>
    public UploadId? Upload { get; init; }

    /// <summary>Pinned by the fetch (or by the webhook that asked for it).</summary>
    public string? Commit { get; init; }
    public string? CommitMessage { get; init; }
    public string? Author { get; init; }
    public string? Branch { get; init; }

    /// <summary>The folder's name as the person knows it; upload only, for display.</summary>
    public string? Folder { get; init; }
}

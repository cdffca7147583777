using Slipway.Core.Pipeline.Building;

namespace Slipway.Testing.Contracts;

/// <summary>The builds that the contract asks for.</summary>
public enum BuildKind
{
    /// <summary>A step prints "hello from the step" and ends well.</summary>
    Prints,

    /// <summary>A step prints "about to fail" and ends with code 7.</summary>
    Fails,

    /// <summary>A step prints "begun" and goes on for minutes.</summary>
    Hangs,

    /// <summary>FROM <see cref="ImageBuilderHarness.MissingBase"/>.</summary>
    HasNoBase,

    /// <summary>Not a Dockerfile: its third line begins with three blanks and the word NONSENSE.</summary>
    Invalid,

    /// <summary>A # syntax line that names <see cref="ImageBuilderHarness.MissingFrontend"/>.</summary>
    HasNoFrontend,

    /// <summary>Prints, under a # syntax line that names <see cref="ImageBuilderHarness.MissingKnownFrontend"/>.</summary>
    HasNoKnownFrontend,

    /// <summary>A step checks that the secret "word" is there, and prints "got the word".</summary>
    TakesSecret,
}

/// <summary>What the contract needs of a builder's surroundings.</summary>
public abstract class ImageBuilderHarness : IAsyncDisposable
{
    public const string MissingBase = "nowhere.invalid/base:1";

    public const string MissingFrontend = "nowhere.invalid/frontend:1";

    /// <summary>A tag that the known frontend never had.</summary>
    public const string MissingKnownFrontend = "docker/dockerfile:0-slipway-none";

    public abstract IImageBuilder Builder { get; }

    /// <summary>Text of a Dockerfile that does so; no step of it is in any cache yet.</summary>
    public abstract string DockerfileOf(BuildKind kind);

    /// <summary>A name that nobody else uses.</summary>
    public abstract string NewImageName();

    public abstract ValueTask DisposeAsync();
}

namespace Slipway.Docker.BaseImages;

/// <summary>A base image that the engine has.</summary>
/// <param name="Reference">What to put into FROM: <c>slipway/node:22.23.3-0a1b2c3d4e5f</c>.</param>
/// <param name="EngineId">The engine's content address.</param>
/// <param name="Version">The exact version chosen for a range, null where there is none.</param>
internal sealed record BaseImage(string Reference, string EngineId, string? Version = null);

/// <summary>What a Node image holds beside the node binary.</summary>
internal enum NodeFlavour
{
    /// <summary>Nothing: for running.</summary>
    Run,

    /// <summary>npm and npx: for building, and for apps whose start command is npm's.</summary>
    Npm,

    /// <summary>npm, git, python3, make, g++ and Node's headers: for native modules.</summary>
    Build,

    /// <summary><see cref="Npm"/> and what official slim images hold beside it: the user <c>node</c>, yarn, corepack.</summary>
    OfficialSlim,

    /// <summary>The same on <see cref="Build"/>, as official images without <c>slim</c> in their name.</summary>
    Official,
}

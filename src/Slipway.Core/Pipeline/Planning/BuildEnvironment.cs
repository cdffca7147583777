namespace Slipway.Core.Pipeline.Planning;

/// <summary>How a RUN step sees the build environment: a mounted file of <c>NAME='value'</c> lines, never ARG or ENV.</summary>
public static class BuildEnvironment
{
    /// <summary>Id of the secret.</summary>
    public const string Secret = "slipway-env";

    /// <summary>Where it is mounted.</summary>
    public const string Path = "/run/slipway/env";
}

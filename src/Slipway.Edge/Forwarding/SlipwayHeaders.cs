using Slipway.Edge.Pages;

namespace Slipway.Edge.Forwarding;

/// <summary>Headers of our own on the way in; no app sees them.</summary>
internal static class SlipwayHeaders
{
    /// <summary>The control plane asks whether an app answers: by the host's name, and over the plain port whatever certificates there are.</summary>
    public const string Probe = PageWriter.OwnPrefix + "Probe";
}

using Slipway.Edge.Pages;

namespace Slipway.Edge.Forwarding;

/// <summary>Headers of our own on the way in; apps see none but the static server's.</summary>
internal static class SlipwayHeaders
{
    /// <summary>To the static server: <c>exact</c>, no page in place of one that is not there; <c>loose</c>, with a slash or without.</summary>
    public const string Files = PageWriter.OwnPrefix + "Files";

    /// <summary>The control plane asks whether an app answers: by the host's name, past rules and password, and over the plain port whatever certificates there are. Holds the <see cref="ProbeKey"/>.</summary>
    public const string Probe = PageWriter.OwnPrefix + "Probe";
}

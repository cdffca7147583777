namespace Slipway.Acme;

/// <param name="Account">lego's own folder: accounts and their keys; this user's alone.</param>
/// <param name="Challenges">The edge answers <c>/.well-known/acme-challenge/</c> from it.</param>
public sealed record AcmePaths(string Account, string Challenges);

namespace Slipway.Core.Certificates;

/// <summary>Who gives certificates: proves to an authority that the name is ours, and comes back with what it signed.</summary>
public interface ICertificateAuthority
{
    /// <summary>
    /// A new certificate for one name, in PEM form: the whole chain, then its key. <c>*.example.com</c> is proved by DNS, a host by the edge's
    /// answers. A refusal, an authority that is away and a program that is missing are a <see cref="Failure"/> that says which and what to do.
    /// </summary>
    Task<Outcome<Secret>> ObtainAsync(string name, CancellationToken ct);
}

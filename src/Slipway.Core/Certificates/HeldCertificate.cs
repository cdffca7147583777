namespace Slipway.Core.Certificates;

/// <summary>A certificate that the edge shows.</summary>
/// <param name="Names">Lower case; <c>*.example.com</c> too.</param>
/// <param name="IsOwn">A person put it there.</param>
public sealed record HeldCertificate(IReadOnlyList<string> Names, DateTimeOffset NotBefore, DateTimeOffset NotAfter, bool IsOwn)
{
    /// <summary>A third of its life is left; one that lives a day is renewed in the day, one of 90 days a month before its end.</summary>
    public DateTimeOffset RenewAt => NotAfter - (NotAfter - NotBefore) / 3;

    /// <summary>Half of that is over, too: it goes before all else.</summary>
    public DateTimeOffset UrgentAt => NotAfter - (NotAfter - NotBefore) / 6;

    public bool IsValid(DateTimeOffset now) => NotBefore <= now && now < NotAfter;
}

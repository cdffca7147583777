namespace Slipway.Core.Certificates;

/// <summary>Codes of what keeps a host from its certificate.</summary>
public static class CertificateFailures
{
    /// <summary>The name has no address.</summary>
    public const string NoAddress = "certificate.no_address";

    /// <summary>Somebody else answers at the host.</summary>
    public const string Elsewhere = "certificate.leads_elsewhere";

    public const string ProgramMissing = "certificate.program_missing";

    /// <summary>The authority does not answer, or its directory is not trusted.</summary>
    public const string AuthorityAway = "certificate.authority_unreachable";

    /// <summary>The authority asked, and did not get the answer that proves the name.</summary>
    public const string NotProved = "certificate.not_proved";

    public const string TooOften = "certificate.too_often";

    /// <summary>The authority gives none for this name or this account.</summary>
    public const string Refused = "certificate.refused";

    /// <summary>The provider's variables, or what the provider said.</summary>
    public const string Dns = "certificate.dns_provider";

    public const string Timeout = "certificate.timeout";

    /// <summary>It is in its folder, and the edge does not show it.</summary>
    public const string NotTaken = "certificate.not_taken";

    /// <summary>No authority heard of it: it counts against no limit.</summary>
    public static bool IsUnheard(Failure failure) => IsBeforeAsking(failure) || failure.Code is ProgramMissing or AuthorityAway;

    /// <summary>It was not even tried: the host does not lead here.</summary>
    public static bool IsBeforeAsking(Failure failure) => failure.Code is NoAddress or Elsewhere;
}

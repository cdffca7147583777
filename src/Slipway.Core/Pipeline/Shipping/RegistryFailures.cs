namespace Slipway.Core.Pipeline.Shipping;

/// <summary>What a registry's refusal is called, whoever met it.</summary>
public static class RegistryFailures
{
    private const string Step = "seal";

    public static Failure Denied(string host, string said) => new("ship.denied", $"the registry {host} does not let Slipway in: {said}",
        "check Slipway:Registry:Username and the file that Slipway:Registry:PasswordFile names, and that this user may push", Step);

    public static Failure Untrusted(string host, string said) => new("ship.untrusted", $"the registry {host} is not trusted: {said}",
        $"name its authority: Slipway:Registry:AuthorityFile for Slipway, /etc/docker/certs.d/{host}/ca.crt for the engine; one without TLS is spoken to on loopback only, or where the engine lists it as insecure and Slipway:Registry:PlainHttp is true", Step);

    public static Failure Refused(string host, string said) => new("ship.refused", $"the registry {host} refused the image: {said}", "see the registry's own log", Step);

    public static Failure Missing(string image) => new("run.image_missing", $"neither the engine nor its registry has the image {image}", "deploy again: the image is built anew", "run");

    public static Failure Away(string said) => new("ship.registry_away", said, "see that the registry runs and can be reached (slipway status), then deploy again: what was built is in the cache", Step);

    /// <summary>From words, as the engine passes them on; null: none that the user could mend.</summary>
    public static Failure? FromWords(string host, string said) =>
        Has(said, "unauthorized", "authentication required", "no basic auth credentials", "denied", "incorrect username or password", "401 Unauthorized", "403 Forbidden") ? Denied(host, said)
        : Has(said, "x509", "certificate", "server gave HTTP response to HTTPS client", "tls:") ? Untrusted(host, said)
        : null;

    private static bool Has(string said, params ReadOnlySpan<string> any)
    {
        foreach (var words in any)
        {
            if (said.Contains(words, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}

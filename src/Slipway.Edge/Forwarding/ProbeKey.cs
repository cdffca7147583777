using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Slipway.Edge.Forwarding;

/// <summary>Tells the control plane's probes from a stranger's request: what only the admin socket gives away. Another one after each start.</summary>
internal sealed class ProbeKey
{
    private readonly byte[] _value = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));

    public string Text => Encoding.ASCII.GetString(_value);

    public bool IsIn(HttpRequest request) =>
        request.Headers.TryGetValue(SlipwayHeaders.Probe, out var sent) && sent is [{ } one] && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), _value);
}

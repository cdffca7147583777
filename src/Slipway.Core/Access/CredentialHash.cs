using System.Security.Cryptography;
using System.Text;

namespace Slipway.Core.Access;

/// <summary>SHA-256 of a token, link or session secret: all that is ever stored of one. The secrets are long and random, so no salt is needed.</summary>
public readonly record struct CredentialHash
{
    private CredentialHash(string hex) => Hex = hex;

    /// <summary>64 lower-case hex digits.</summary>
    public string Hex { get; }

    public static CredentialHash Of(Secret secret) =>
        new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret.Reveal()))));

    public override string ToString() => Hex;
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Core;

namespace Slipway.Nats.Control;

/// <summary>What a claim gives a worker to show with each line and result: only who claimed this attempt has it. Nothing is kept; a restart changes nothing.</summary>
internal sealed class Tickets(Secret key)
{
    private readonly byte[] _key = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key.Reveal()), "slipway build tickets"u8);

    public string For(DeploymentId deployment, int attempt) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{deployment}/{attempt}"))));

    public bool IsGood(string ticket, DeploymentId deployment, int attempt) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(ticket), Encoding.ASCII.GetBytes(For(deployment, attempt)));
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Core.Pipeline.Building;

/// <summary>
/// Which of several builders a project asks first, second and so on: by the highest hash of project and address (rendezvous), so that each project keeps to one,
/// where its cache is, all builders get their share, and one that comes or goes moves only the projects that are its own. Pure.
/// </summary>
public static class BuilderChoice
{
    /// <param name="key">The project's; its text is in no answer.</param>
    /// <param name="addresses">In any order.</param>
    public static IReadOnlyList<string> Order(string key, IEnumerable<string> addresses) =>
        [.. addresses.Distinct(StringComparer.Ordinal).OrderByDescending(address => Weight(key, address)).ThenBy(address => address, StringComparer.Ordinal)];

    private static ulong Weight(string key, string address) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{key}\n{address}")));
}

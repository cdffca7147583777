using System.Security.Cryptography;
using System.Text;

namespace Slipway.Docker.BaseImages;

/// <summary>
/// A tag that names its inputs, so that an image with the same inputs is never made twice. What an image becomes
/// from the same inputs may change only with the number in its recipe.
/// </summary>
internal readonly record struct ImageTag(string Repository, string Tag)
{
    public static ImageTag Of(string repository, string label, params ReadOnlySpan<string> inputs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var input in inputs)
            hash.AppendData(Encoding.UTF8.GetBytes(input + "\n"));
        return new(repository, $"{label}-{Convert.ToHexStringLower(hash.GetHashAndReset())[..12]}");
    }

    public static ImageTag Parse(string reference) =>
        reference.LastIndexOf(':') is > 0 and var colon ? new(reference[..colon], reference[(colon + 1)..]) : throw new ArgumentException($"{reference} has no tag.", nameof(reference));

    /// <summary>The part before the digest: <c>22.23.3</c>.</summary>
    public static string LabelOf(string tag) => tag.LastIndexOf('-') is > 0 and var dash ? tag[..dash] : tag;

    public override string ToString() => $"{Repository}:{Tag}";
}

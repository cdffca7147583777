namespace Slipway.Docker.BaseImages;

/// <summary>The user's fault: no published version matches the range that the source asks for.</summary>
internal sealed class VersionNotPublishedException(string package, string range)
    : Exception($"No published version of {package} matches \"{range}\".")
{
    public string Package { get; } = package;
    public string Range { get; } = range;
}

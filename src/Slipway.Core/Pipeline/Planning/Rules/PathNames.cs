using System.Buffers;

namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>What names of groups are made of.</summary>
internal static class PathNames
{
    public static SearchValues<char> Letters { get; } = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
}

using System.Globalization;
using Slipway.Core.Hosting;

namespace Slipway.Host.Cgroups;

/// <summary><c>/proc/meminfo</c> → bytes. Pure.</summary>
internal static class MemoryReading
{
    public static MachineMemory Of(string memoryInfo)
    {
        var values = memoryInfo.Split('\n').Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1].Replace("kB", "", StringComparison.Ordinal).Trim(), StringComparer.Ordinal);
        return new(Bytes("MemTotal"), Bytes("MemAvailable"), Bytes("SwapTotal"));

        long Bytes(string name) => values.TryGetValue(name, out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var kib) ? kib << 10 : 0;
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Slipway.Docker.Running;

internal static class ContainerProcess
{
    /// <summary>Ends a process of a container, if it is that: a number may be another machine's, or another's by now.</summary>
    public static void Kill(long process, string container)
    {
        try
        {
            if (!File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/cgroup")).Contains(container, StringComparison.Ordinal)) return;
            using var found = Process.GetProcessById((int)process);
            found.Kill();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended, or we may not.
        }
    }
}

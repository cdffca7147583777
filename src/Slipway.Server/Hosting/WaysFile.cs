using System.Globalization;
using System.Net;
using System.Text;
using Slipway.Core;
using Slipway.Core.Hosting;
using Slipway.Core.Stack;
using Slipway.Host;

namespace Slipway.Server.Hosting;

/// <summary>
/// Which ways out are open, as the control plane writes it for whoever keeps the fence: here, or in a service of its own that holds no database.
/// A line each, <c>DEVICE ADDRESS PORT</c>; kept, so that a fence that starts alone has it. What is written back is what is in force.
/// </summary>
internal sealed class WaysFile(HomeFolder home)
{
    private string PathOf => Path.Combine(home.Paths.Run, "ways");

    private string InForcePath => Path.Combine(home.Paths.Run, "ways.applied");

    public static string Render(IEnumerable<OpenWay> ways) =>
        string.Concat(ways.Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Device} {w.To.Address} {w.To.Port}\n")).Distinct().Order(StringComparer.Ordinal));

    public Task WriteAsync(string text, CancellationToken ct) => WriteAsync(PathOf, text, ct);

    /// <summary>What is wanted; nothing where no control plane has written yet.</summary>
    public async Task<string> ReadAsync(CancellationToken ct)
    {
        // In a folder that others share only the control plane's own word counts.
        if (home.Paths.IsRunShared && FileOwner.Of(PathOf) is not { User: StackUsers.Server }) return "";
        return await TextAsync(PathOf, ct);
    }

    public Task SayInForceAsync(string text, CancellationToken ct) => WriteAsync(InForcePath, text, ct);

    public async Task<bool> IsInForceAsync(string text, CancellationToken ct) => File.Exists(InForcePath) && await TextAsync(InForcePath, ct) == text;

    /// <summary>Only ways of this home's own project networks, each as it was checked before; what is no such line opens nothing.</summary>
    public IReadOnlyList<OpenWay> Parse(string text)
    {
        var names = new HomeNames(home.Id);
        return [.. text.Split('\n').Select(Line).OfType<OpenWay>()];

        OpenWay? Line(string line) =>
            line.Split(' ') is [var device, var address, var number] && device.StartsWith(names.ProjectDevices, StringComparison.Ordinal) && device.Length == names.ProjectDevices.Length + 6 && device.All(char.IsAsciiLetterOrDigit) &&
            IPAddress.TryParse(address, out var to) && ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                ? new OpenWay(device, new IPEndPoint(to, port)) : null;
    }

    private static Task WriteAsync(string path, string text, CancellationToken ct) => AtomicFile.WriteAsync(path, Encoding.UTF8.GetBytes(text), AtomicFile.Readable, ct);

    private static async Task<string> TextAsync(string path, CancellationToken ct)
    {
        try
        {
            return await File.ReadAllTextAsync(path, ct);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

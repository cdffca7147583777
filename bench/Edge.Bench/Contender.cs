using System.Diagnostics;
using System.Globalization;

namespace Edge.Bench;

/// <summary>One server under load, as a process of its own; its CPU counts with that of its children.</summary>
internal sealed class Contender(string name, int port, Process process) : IDisposable
{
    private const double TicksPerSecond = 100;

    public string Name { get; } = name;

    public int Port { get; } = port;

    public int Pid => process.Id;

    public static async Task<Contender> StartAsync(string name, int port, string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, said) => { if (said.Data?.Contains("rror", StringComparison.Ordinal) == true) Console.Error.WriteLine(said.Data); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Ports.OpenAsync(port);
        return new Contender(name, port, process);
    }

    /// <summary>Of it and its children, since they started.</summary>
    public double CpuSeconds() => Family().Sum(pid =>
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    });

    /// <summary>Memory of its own, in KiB, without files.</summary>
    public long OwnMemory() => Family().Sum(pid => long.Parse(File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private IEnumerable<int> Family() => Children(process.Id).Prepend(process.Id);

    private static IEnumerable<int> Children(int pid) =>
        File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => int.Parse(c, CultureInfo.InvariantCulture)).SelectMany(c => Children(c).Prepend(c));
}

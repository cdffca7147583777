using System.Text.Json;
using Slipway.Core;

namespace Slipway.Edge;

/// <summary>Where the control plane finds the edge.</summary>
public sealed class EdgeRouterOptions
{
    /// <summary>Unix socket of the edge's admin API.</summary>
    public string AdminSocket { get; set; } = "";

    /// <summary>The edge's run file; names the address that probes go to.</summary>
    public string RunFile { get; set; } = "";

    /// <summary>The edge's public base address, asked before each probe; null when it is not up. Default: from <see cref="RunFile"/>.</summary>
    public Func<Uri?>? PublicAddress { get; set; }

    /// <summary>Instances are asked by the edge, not from here.</summary>
    public bool Probes { get; set; }

    /// <summary>How long the edge may take to answer on its admin socket.</summary>
    public TimeSpan AdminTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The paths of one installation.</summary>
    public void Use(SlipwayHome home)
    {
        AdminSocket = home.EdgeSocket;
        RunFile = EdgeOptions.For(home).RunFile;
    }

    internal Uri? FindEdge()
    {
        if (PublicAddress is { } find)
        {
            return find();
        }

        try
        {
            var run = JsonSerializer.Deserialize(File.ReadAllBytes(RunFile), EdgeJson.Default.RunFile);
            return run is null ? null : new Uri(run.Address);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}

using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Core.Pipeline.Routing;

namespace Slipway.Edge.Hosts;

/// <summary>The last table on disk, so that a restarted edge serves before the control plane has said anything.</summary>
internal sealed class TableFile(string path, ILogger logger)
{
    public string Path { get; } = path;

    public Task SaveAsync(RouteTable table, CancellationToken ct)
    {
        OwnFolder.Create(System.IO.Path.GetDirectoryName(Path));
        return AtomicFile.WriteAsync(Path, JsonSerializer.SerializeToUtf8Bytes(table, EdgeJson.Default.RouteTable), AtomicFile.Own, ct);
    }

    /// <summary>Null when there is none, or none that can be read: such a file is set aside for a person to look at.</summary>
    public async Task<RouteTable?> LoadAsync(CancellationToken ct)
    {
        if (!File.Exists(Path))
        {
            return null;
        }

        try
        {
            await using var stream = File.OpenRead(Path);
            var table = await JsonSerializer.DeserializeAsync(stream, EdgeJson.Default.RouteTable, ct)
                ?? throw new JsonException("the file holds null");
            return TableCheck.FindFault(table) is { } fault ? throw new JsonException(fault) : table;
        }
        catch (JsonException e)
        {
            var aside = Path + ".damaged";
            File.Move(Path, aside, overwrite: true);
            logger.TableDamaged(e, aside);
            return null;
        }
    }
}

using System.Text.Json;
using Slipway.Core.Certificates;

namespace Slipway.Server.Hosting.Certificates;

/// <summary>The ledger on disk: the old or the new one, never half.</summary>
internal sealed class LedgerFile(string path)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>One that cannot be read costs a few questions, and no start.</summary>
    public CertificateLedger Read()
    {
        try
        {
            return JsonSerializer.Deserialize<CertificateLedger>(File.ReadAllBytes(path), JsonSerializerOptions.Web) is { Asked: not null, Refused: not null } ledger ? ledger : CertificateLedger.Empty;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return CertificateLedger.Empty;
        }
    }

    public void Write(CertificateLedger ledger)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "/", Private | UnixFileMode.UserExecute);
        var beside = $"{path}.new";
        using (var file = new FileStream(beside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Private }))
        {
            JsonSerializer.Serialize(file, ledger, JsonSerializerOptions.Web);
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }
}

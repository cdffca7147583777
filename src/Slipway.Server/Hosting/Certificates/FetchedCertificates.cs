using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Slipway.Core;

namespace Slipway.Server.Hosting.Certificates;

/// <summary>The folder from which the edge reads what was fetched: one file a name, chain and key together, so that no look sees a pair that does not fit.</summary>
internal sealed class FetchedCertificates(SlipwayHome home)
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan Keep = TimeSpan.FromDays(1);

    /// <summary>Makes it, and what the edge answers authorities from.</summary>
    public void MakeFolders()
    {
        var group = home.IsRunShared ? UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.SetGroup : UnixFileMode.None;
        foreach (var folder in new[] { home.AutomaticCertificates, home.Challenges }) Directory.CreateDirectory(folder, Own | UnixFileMode.UserExecute | group);
    }

    public async Task WriteAsync(string name, Secret pem, CancellationToken ct)
    {
        MakeFolders();
        var (path, mode) = (PathOf(name), home.IsRunShared ? Own | UnixFileMode.GroupRead : Own);
        var beside = $"{path}.new";
        await using (var file = new FileStream(beside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = mode }))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(pem.Reveal()), ct);
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }

    public string PathOf(string name) => Path.Combine(home.AutomaticCertificates, $"{name.Replace('*', '_')}.pem");

    /// <summary>Those that nobody wants any more go a day after their end.</summary>
    public void Tidy(IReadOnlyCollection<string> wanted, DateTimeOffset now)
    {
        if (!Directory.Exists(home.AutomaticCertificates)) return;
        var keep = wanted.Select(PathOf).ToHashSet();
        foreach (var file in Directory.GetFiles(home.AutomaticCertificates, "*.pem").Where(f => !keep.Contains(f)))
        {
            if (EndOf(file) is { } end && end + Keep < now) File.Delete(file);
        }
    }

    private static DateTimeOffset? EndOf(string file)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(file));
            return certificate.NotAfter;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

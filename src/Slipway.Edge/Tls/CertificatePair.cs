namespace Slipway.Edge.Tls;

/// <summary>Where a certificate and its key are.</summary>
internal sealed record CertificatePair(string Certificate, string Key)
{
    /// <summary>All that a folder holds, by the ways that mkcert, lego, certbot and HAProxy name them.</summary>
    public static IReadOnlyList<CertificatePair> In(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        var files = Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(Of).OfType<CertificatePair>();
        var folders = Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Select(d => new CertificatePair(Path.Combine(d, "fullchain.pem"), Path.Combine(d, "privkey.pem"))).Where(p => File.Exists(p.Certificate));
        return [.. files, .. folders];
    }

    /// <summary>Differs when either file does; also when a link leads elsewhere.</summary>
    public string Stamp() => $"{Stamp(Certificate)} {Stamp(Key)}";

    private static CertificatePair? Of(string file)
    {
        if (file.EndsWith(".crt", StringComparison.Ordinal) && !file.EndsWith(".issuer.crt", StringComparison.Ordinal)) return new CertificatePair(file, Path.ChangeExtension(file, ".key"));
        if (!file.EndsWith(".pem", StringComparison.Ordinal) || file.EndsWith("-key.pem", StringComparison.Ordinal)) return null;
        var key = $"{file[..^".pem".Length]}-key.pem";
        return new CertificatePair(file, File.Exists(key) ? key : file);
    }

    private static string Stamp(string file)
    {
        var info = new FileInfo(file);
        if (!info.Exists) return $"{file}:none";
        var target = info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info;
        return target.Exists ? $"{target.FullName}:{target.LastWriteTimeUtc.Ticks}:{target.Length}" : $"{file}:none";
    }
}

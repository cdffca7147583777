using System.Net.Sockets;
using System.Security.Cryptography;
using Slipway.Core;
using Slipway.Core.Certificates;

namespace Slipway.Server.Hosting.Certificates;

/// <summary>
/// Whether a host leads to this edge, seen from here by a file that only it has. What cannot be reached from here at all is left to the
/// authority: a machine behind NAT may not see itself by its public address.
/// </summary>
internal sealed class HostReach(SlipwayHome home, TimeProvider time)
{
    private const string Folder = ".well-known/acme-challenge";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Null when nothing speaks against asking.</summary>
    /// <param name="port">ACME's is 80, whatever the edge listens on behind it.</param>
    public async Task<Failure?> CheckAsync(string host, CancellationToken ct, int port = 80)
    {
        var token = $"slipway-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        var file = Path.Combine(home.Challenges, Folder, token);
        Directory.CreateDirectory(Path.Combine(home.Challenges, Folder));
        await File.WriteAllTextAsync(file, token, ct);
        using var timer = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        try
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = 64 * 1024 };
            using var answer = await http.GetAsync(new UriBuilder("http", host, port, $"{Folder}/{token}").Uri, both.Token);
            var text = await answer.Content.ReadAsStringAsync(both.Token);
            // Something before us that sends on: to follow it would ask whatever it names.
            if ((int)answer.StatusCode is >= 300 and < 400) return null;
            return text == token ? null : new Failure(CertificateFailures.Elsewhere, $"{host} leads elsewhere: somebody else answered there ({(int)answer.StatusCode})", "point the name at this machine: an A or AAAA record, or a CNAME; an old AAAA record leads past it, too");
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData })
        {
            return new Failure(CertificateFailures.NoAddress, $"{host} has no address yet", "point the name at this machine: an A or AAAA record, or a CNAME");
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
        finally
        {
            File.Delete(file);
        }
    }
}

using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Slipway.Testing.Hosting;

namespace Slipway.Contract.Tests.Shipping;

/// <summary>One registry for a class, and a hand that pushes to it as a builder would.</summary>
public sealed class RegistryFixture : IAsyncLifetime
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private RegistryServer? _server;

    public RegistryServer Server => _server ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        if (!RegistryServer.IsInstalled) return;
        _server = await RegistryServer.StartAsync();
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{RegistryServer.Username}:{RegistryServer.Password}")));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_server is not null) await _server.DisposeAsync();
    }

    /// <summary>An image without layers, whose configuration is new.</summary>
    public async Task<(string Digest, byte[] Manifest)> PushAsync(string repository, string tag, IReadOnlyList<int> exposed)
    {
        var config = JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = "amd64",
            os = "linux",
            config = new { ExposedPorts = exposed.ToDictionary(port => $"{port}/tcp", _ => new { }), Labels = new { content = Guid.NewGuid() } },
            rootfs = new { type = "layers", diff_ids = Array.Empty<string>() },
        });
        var manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = "application/vnd.oci.image.manifest.v1+json",
            config = new { mediaType = "application/vnd.oci.image.config.v1+json", size = config.Length, digest = DigestOf(config) },
            layers = Array.Empty<object>(),
        });
        await UploadAsync(repository, config);
        await TagAsync(repository, tag, manifest);
        _configs[DigestOf(manifest)] = config;
        return (DigestOf(manifest), manifest);
    }

    private readonly Dictionary<string, byte[]> _configs = [];

    /// <summary>The same content under another name, be it in another repository.</summary>
    public async Task AgainAsync(string repository, string tag, byte[] manifest)
    {
        await UploadAsync(repository, _configs[DigestOf(manifest)]);
        await TagAsync(repository, tag, manifest);
    }

    public async Task<bool> HasAsync(string repository, string reference)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"http://{Server.Address}/v2/{repository}/manifests/{reference}");
        request.Headers.Accept.ParseAdd("application/vnd.oci.image.manifest.v1+json");
        using var answer = await _http.SendAsync(request);
        return answer.IsSuccessStatusCode;
    }

    private async Task UploadAsync(string repository, byte[] blob)
    {
        using var begun = await _http.PostAsync(new Uri($"http://{Server.Address}/v2/{repository}/blobs/uploads/"), null);
        begun.EnsureSuccessStatusCode();
        var place = begun.Headers.Location ?? throw new InvalidOperationException("the registry gives no place to upload to");
        using var body = new ByteArrayContent(blob);
        using var done = await _http.PutAsync(new Uri($"{place}&digest={Uri.EscapeDataString(DigestOf(blob))}"), body);
        done.EnsureSuccessStatusCode();
    }

    private async Task TagAsync(string repository, string tag, byte[] manifest)
    {
        using var body = new ByteArrayContent(manifest);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.oci.image.manifest.v1+json");
        using var answer = await _http.PutAsync(new Uri($"http://{Server.Address}/v2/{repository}/manifests/{tag}"), body);
        answer.EnsureSuccessStatusCode();
    }

    private static string DigestOf(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Testing.Hosting;

namespace Slipway.Contract.Tests.Shipping;

/// <summary>Gives tokens that a real registry believes (distribution-spec, "Token Authentication"), to who has the password.</summary>
internal sealed class TokenServer : IAsyncDisposable
{
    private const string Service = "registry of the tests";
    private const string Issuer = "tokens of the tests";
    private readonly WebApplication _app;
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _certificate;
    private readonly string _bundle = Path.GetTempFileName();

    private TokenServer()
    {
        _certificate = new CertificateRequest("CN=tokens", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(1));
        File.WriteAllText(_bundle, _certificate.ExportCertificatePem());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public string Auth => $"{{ token: {{ realm: {_app.Urls.Single()}/token, service: {Service}, issuer: {Issuer}, rootcertbundle: {_bundle} }} }}";

    public static async Task<TokenServer> StartAsync()
    {
        var server = new TokenServer();
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
        _certificate.Dispose();
        File.Delete(_bundle);
    }

    private Task AnswerAsync(HttpContext context)
    {
        var password = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{RegistryServer.Username}:{RegistryServer.Password}"));
        if (context.Request.Headers.Authorization != $"Basic {password}")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        return context.Response.WriteAsync(JsonSerializer.Serialize(new { token = Token(context.Request.Query["scope"].ToString()) }));
    }

    private string Token(string scope)
    {
        var parts = scope.Split(':');
        var access = parts.Length == 3 ? new object[] { new { type = parts[0], name = parts[1], actions = parts[2].Split(',') } } : [];
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var head = Part(new { typ = "JWT", alg = "RS256", x5c = new[] { Convert.ToBase64String(_certificate.RawData) } });
        var body = Part(new { iss = Issuer, sub = RegistryServer.Username, aud = Service, exp = now + 60, nbf = now - 10, iat = now, jti = Guid.NewGuid().ToString(), access });
        var signature = _key.SignData(Encoding.ASCII.GetBytes($"{head}.{body}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{head}.{body}.{Url(signature)}";
    }

    private static string Part(object value) => Url(JsonSerializer.SerializeToUtf8Bytes(value));

    private static string Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}

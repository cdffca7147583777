using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Slipway.Core.Pipeline.Shipping;

namespace Slipway.Registry;

/// <summary>The part of the OCI distribution API that is needed (opencontainers/distribution-spec), with Basic and token authentication.</summary>
internal sealed class RegistryClient(HttpClient http, IOptions<RegistryOptions> options) : IDisposable
{
    private const int Page = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>By what a token is for; one that has run out is asked for anew after the next refusal.</summary>
    private readonly ConcurrentDictionary<string, AuthenticationHeaderValue> _credentials = new(StringComparer.Ordinal);

    /// <summary>Lets in, or says why not.</summary>
    public async Task CheckAsync(CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Get, "/v2/", "", ct);
        Require(answer);
    }

    /// <summary>Null when it has none of that name.</summary>
    public async Task<Manifest?> ManifestAsync(string repository, string reference, CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"/v2/{repository}/manifests/{reference}", repository, ct);
        if (answer.StatusCode == HttpStatusCode.NotFound) return null;
        Require(answer);
        return Manifest.Read(await answer.Content.ReadAsByteArrayAsync(ct));
    }

    /// <summary>A small blob, such as an image's configuration; null when it has none.</summary>
    public async Task<JsonDocument?> BlobAsync(string repository, string digest, CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"/v2/{repository}/blobs/{digest}", repository, ct);
        if (answer.StatusCode == HttpStatusCode.NotFound) return null;
        Require(answer);
        return JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(ct));
    }

    /// <summary>Takes a manifest away, and with it all its tags; its blobs go by the registry's own garbage collection. False: this registry deletes nothing.</summary>
    public async Task<bool> DeleteAsync(string repository, string digest, CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Delete, $"/v2/{repository}/manifests/{digest}", repository, ct, "delete");
        if (answer.StatusCode is HttpStatusCode.NotFound) return true;
        if (answer.StatusCode is HttpStatusCode.MethodNotAllowed) return false;
        Require(answer);
        return true;
    }

    /// <summary>Repositories whose name begins so.</summary>
    public async Task<IReadOnlyList<string>> RepositoriesAsync(string prefix, CancellationToken ct)
    {
        var found = new List<string>();
        for (var path = $"/v2/_catalog?n={Page}&last={Uri.EscapeDataString(prefix)}"; ;)
        {
            using var answer = await SendAsync(HttpMethod.Get, path, "", ct, scope: "registry:catalog:*");
            if (answer.StatusCode is HttpStatusCode.NotFound) return found;
            Require(answer);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(ct));
            var page = Texts(json, "repositories");
            found.AddRange(page.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)));
            // In the order of their names: what comes later begins otherwise.
            var isPast = page is [.., var last] && string.CompareOrdinal(last, prefix) > 0 && !last.StartsWith(prefix, StringComparison.Ordinal);
            if (isPast || Next(answer) is not { } next) return found;
            path = next;
        }
    }

    public async Task<IReadOnlyList<string>> TagsAsync(string repository, CancellationToken ct)
    {
        var found = new List<string>();
        for (var path = $"/v2/{repository}/tags/list"; ;)
        {
            using var answer = await SendAsync(HttpMethod.Get, path, repository, ct);
            if (answer.StatusCode == HttpStatusCode.NotFound) return found;
            Require(answer);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(ct));
            found.AddRange(Texts(json, "tags"));
            if (Next(answer) is not { } next) return found;
            path = next;
        }
    }

    /// <summary>The next page: <c>Link: &lt;/v2/…&gt;; rel="next"</c>; null: that was the last.</summary>
    private static string? Next(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Link", out var links) && links.FirstOrDefault() is { } link && link.IndexOf('>', StringComparison.Ordinal) is var end and > 1 ? link[1..end] : null;

    public void Dispose() => http.Dispose();

    private static List<string> Texts(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(item => item.GetString() ?? "")] : [];

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string repository, CancellationToken ct, string actions = "pull", string? scope = null)
    {
        scope ??= repository.Length == 0 ? "" : $"repository:{repository}:{actions}";
        var answer = await SendOnceAsync(method, path, _credentials.GetValueOrDefault(scope), ct);
        if (answer.StatusCode != HttpStatusCode.Unauthorized || await LoginAsync(answer, scope, ct) is not { } login) return answer;
        answer.Dispose();
        _credentials[scope] = login;
        return await SendOnceAsync(method, path, login, ct);
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, string path, AuthenticationHeaderValue? login, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(options.Value.Root, path));
        request.Headers.Authorization = login;
        foreach (var type in Manifest.Types) request.Headers.Accept.ParseAdd(type);
        return await ReachAsync(token => http.SendAsync(request, token), ct);
    }

    /// <summary>By the challenge; null: nothing that we have would help.</summary>
    private async Task<AuthenticationHeaderValue?> LoginAsync(HttpResponseMessage refused, string scope, CancellationToken ct)
    {
        var login = options.Value.Login();
        var basic = login.Username.Length == 0 ? null : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.Username}:{login.Password.Reveal()}")));
        var challenge = refused.Headers.WwwAuthenticate.FirstOrDefault();
        if (challenge?.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) != true) return basic;

        var asked = Challenge.Read(challenge.Parameter ?? "");
        if (!asked.TryGetValue("realm", out var realm) || !Uri.TryCreate(realm, UriKind.Absolute, out var address)) return null;
        // The password is not given away in clear by a registry that is spoken to by TLS.
        if (!options.Value.IsPlain && address.Scheme != Uri.UriSchemeHttps) return null;
        var query = string.Join('&', new[] { ("service", asked.GetValueOrDefault("service")), ("scope", scope.Length > 0 ? scope : asked.GetValueOrDefault("scope")) }
            .Where(part => part.Item2 is { Length: > 0 }).Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2!)}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(address) { Query = query }.Uri);
        request.Headers.Authorization = basic;
        using var answer = await ReachAsync(token => http.SendAsync(request, token), ct);
        if (!answer.IsSuccessStatusCode) return null;
        using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(ct));
        var token = json.RootElement.TryGetProperty("token", out var found) || json.RootElement.TryGetProperty("access_token", out found) ? found.GetString() : null;
        return token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }

    private async Task<HttpResponseMessage> ReachAsync(Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken ct)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timer.CancelAfter(Patience);
        var host = options.Value.Root.Authority;
        try
        {
            return await send(timer.Token);
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException untrusted)
        {
            throw new RegistryRefusedException(RegistryFailures.Untrusted(host, untrusted.InnerException?.Message ?? untrusted.Message));
        }
        catch (HttpRequestException away)
        {
            throw new RegistryAwayException($"the registry {host} does not answer: {away.Message}", away);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new RegistryAwayException($"the registry {host} did not answer within {Patience.TotalSeconds:0} s");
        }
    }

    private void Require(HttpResponseMessage answer)
    {
        if (answer.IsSuccessStatusCode) return;
        var said = $"{(int)answer.StatusCode} {answer.ReasonPhrase}";
        throw answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new RegistryRefusedException(RegistryFailures.Denied(options.Value.Address, said)),
            >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests => new RegistryAwayException($"the registry {options.Value.Address} answers {said}"),
            _ => new RegistryRefusedException(RegistryFailures.Refused(options.Value.Address, said)),
        };
    }
}

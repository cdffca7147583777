using System.Globalization;

namespace Edge.Bench;

/// <summary>The peers from Debian, each as its documentation sets a proxy up, with keep-alive to the upstream and no access log.</summary>
internal sealed class Peers(string folder, int upstream)
{
    public const string Asset = "/assets/app-3f9c21d4.js";
    private const string Body = "hello from the upstream, forty-seven bytes long";

    /// <summary>A small answer, and an immutable asset of 20 kB.</summary>
    public async Task<Contender> UpstreamAsync()
    {
        WriteAsset();
        return await NginxAsync("upstream", upstream, $$"""
            location = / { default_type text/plain; return 200 "{{Body}}"; }
            location /assets/ { add_header Cache-Control "public, max-age=31536000, immutable"; types { text/javascript js; } }
            """, "", workers: 1);
    }

    public Task<Contender> NginxProxyAsync(IReadOnlyList<string> hosts) => NginxAsync("nginx", Ports.Free(), """
        location / { if ($there = 0) { return 404; } proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr; }
        """, $"map_hash_max_size 65536; map_hash_bucket_size 128; map $host $there {{ default 0; {string.Concat(hosts.Select(h => $"{h} 1; "))} }}\nupstream up {{ server 127.0.0.1:{upstream}; keepalive 256; }}", workers: 2);

    public Task<Contender> NginxFileAsync() => NginxAsync("nginx, file", Ports.Free(), """
        location /assets/ { add_header Cache-Control "public, max-age=31536000, immutable"; types { text/javascript js; } }
        """, "sendfile on; tcp_nopush on; open_file_cache max=1000 inactive=60s;", workers: 2);

    public Task<Contender> NginxCacheAsync() => NginxAsync("nginx, proxy_cache", Ports.Free(), """
        location / { proxy_cache c; proxy_cache_valid 200 1h; proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; }
        """, $"sendfile on; open_file_cache max=1000 inactive=60s; proxy_cache_path {folder}/cache keys_zone=c:10m;\nupstream up {{ server 127.0.0.1:{upstream}; keepalive 256; }}", workers: 2);

    public async Task<Contender> HaproxyAsync(IReadOnlyList<string> hosts)
    {
        var port = Ports.Free();
        await File.WriteAllLinesAsync(Path.Combine(folder, "hosts.map"), hosts.Select(h => $"{h} up"));
        var config = await WriteAsync("haproxy.cfg", $"""
            global
                nbthread 2
                maxconn 8000
            defaults
                mode http
                timeout client 60s
                timeout server 60s
                timeout connect 5s
                option forwardfor
                http-reuse always
            frontend f
                bind 127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}
                use_backend %[req.hdr(host),lower,map_str({folder}/hosts.map)]
            backend up
                server a 127.0.0.1:{upstream.ToString(CultureInfo.InvariantCulture)}

            """);
        return await Contender.StartAsync("HAProxy", port, "haproxy", ["-db", "-f", config]);
    }

    public async Task<Contender> CaddyAsync(IReadOnlyList<string> hosts)
    {
        var port = Ports.Free();
        var config = await WriteAsync("caddy.json", $$$$"""
            {"admin":{"disabled":true},"logging":{"logs":{"default":{"level":"ERROR"}}},"apps":{"http":{"servers":{"s":{"listen":["127.0.0.1:{{{{port.ToString(CultureInfo.InvariantCulture)}}}}"],"automatic_https":{"disable":true},
            "routes":[{"match":[{"host":[{{{{string.Join(',', hosts.Select(h => $"\"{h}\""))}}}}]}],"handle":[{"handler":"reverse_proxy","upstreams":[{"dial":"127.0.0.1:{{{{upstream.ToString(CultureInfo.InvariantCulture)}}}}"}]}]}]} } } } }
            """);
        return await Contender.StartAsync("Caddy", port, "caddy", ["run", "--config", config], new Dictionary<string, string> { ["XDG_DATA_HOME"] = folder, ["XDG_CONFIG_HOME"] = folder });
    }

    private async Task<Contender> NginxAsync(string name, int port, string locations, string http, int workers)
    {
        var file = await WriteAsync($"nginx-{port.ToString(CultureInfo.InvariantCulture)}.conf", $$"""
            daemon off; user root; worker_processes {{workers.ToString(CultureInfo.InvariantCulture)}}; pid {{folder}}/nginx-{{port.ToString(CultureInfo.InvariantCulture)}}.pid; error_log {{folder}}/nginx.log;
            events { worker_connections 10000; }
            http {
                access_log off; keepalive_requests 100000000; keepalive_timeout 600s; root {{folder}}/www;
                {{http}}
                server { listen 127.0.0.1:{{port.ToString(CultureInfo.InvariantCulture)}} backlog=4096; {{locations}} }
            }
            """);
        return await Contender.StartAsync(name, port, "nginx", ["-p", folder, "-c", file]);
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(folder, name);
        await File.WriteAllTextAsync(path, text);
        return path;
    }

    private void WriteAsset()
    {
        Directory.CreateDirectory(Path.Combine(folder, "www", "assets"));
        File.WriteAllText(Path.Combine(folder, "www", Asset[1..]), string.Concat(Enumerable.Range(0, 1000).Select(i => $"var a{i:D4}=function(){{}};"))[..20_000]);
    }
}

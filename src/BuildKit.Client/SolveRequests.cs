using System.Text;
using System.Text.Json;
using BuildKit.Client.Wire;

namespace BuildKit.Client;

/// <summary>Options as the wire wants them. Pure.</summary>
internal static class SolveRequests
{
    public static SolveRequest From(BuildOptions options, string reference, string session)
    {
        var request = new SolveRequest { Ref = reference, Session = session, Frontend = options.FrontendImage is null ? "dockerfile.v0" : "gateway.v0", Cache = new CacheOptions() };
        var attributes = request.FrontendAttrs;
        attributes["filename"] = options.DockerfileName;
        if (options.FrontendImage is { } frontend) attributes["source"] = frontend;
        if (options.Target is { } target) attributes["target"] = target;
        if (options.NoCache) attributes["no-cache"] = "";
        foreach (var (name, value) in options.Arguments) attributes[$"build-arg:{name}"] = value;
        foreach (var (name, value) in options.Labels) attributes[$"label:{name}"] = value;
        foreach (var (name, value) in options.FrontendAttributes) attributes[name] = value;

        foreach (var from in options.CacheFrom) request.Cache.Imports.Add(Entry(from));
        // The frontend reads them from its own attribute, the solver from the list (moby/buildkit client/solve.go).
        if (options.CacheFrom.Count > 0) attributes["cache-imports"] = Json(options.CacheFrom);
        foreach (var to in options.CacheTo) request.Cache.Exports.Add(Entry(to));

        // Old daemons read only the deprecated fields and would silently make no image; new ones want the list.
        var exporter = new Exporter { Type = options.Exporter };
        foreach (var (name, value) in options.ExporterAttributes) exporter.Attrs[name] = value;
        if (options.ImageNames.Count > 0) exporter.Attrs["name"] = string.Join(',', options.ImageNames);
        request.Exporters.Add(exporter);
        request.ExporterDeprecated = options.Exporter;
        foreach (var (name, value) in exporter.Attrs) request.ExporterAttrsDeprecated[name] = value;
        return request;
    }

    private static string Json(IReadOnlyList<CacheLocation> locations)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var location in locations)
            {
                json.WriteStartObject();
                json.WriteString("Type", location.Type);
                json.WriteStartObject("Attrs");
                foreach (var (name, value) in location.Attributes) json.WriteString(name, value);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static CacheOptionsEntry Entry(CacheLocation location)
    {
        var entry = new CacheOptionsEntry { Type = location.Type };
        foreach (var (name, value) in location.Attributes) entry.Attrs[name] = value;
        return entry;
    }
}

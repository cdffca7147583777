using BuildKit.Client.Wire;

namespace BuildKit.Client;

/// <summary>Options as the wire wants them. Pure.</summary>
internal static class SolveRequests
{
    public static SolveRequest From(BuildOptions options, string reference, string session)
    {
        var request = new SolveRequest { Ref = reference, Session = session, Frontend = "dockerfile.v0", Cache = new CacheOptions() };
        var attributes = request.FrontendAttrs;
        attributes["filename"] = options.DockerfileName;
        if (options.Target is { } target) attributes["target"] = target;
        if (options.NoCache) attributes["no-cache"] = "";
        foreach (var (name, value) in options.Arguments) attributes[$"build-arg:{name}"] = value;
        foreach (var (name, value) in options.Labels) attributes[$"label:{name}"] = value;
        foreach (var (name, value) in options.FrontendAttributes) attributes[name] = value;

        // Old daemons read only the deprecated fields and would silently make no image; new ones want the list.
        var exporter = new Exporter { Type = options.Exporter };
        foreach (var (name, value) in options.ExporterAttributes) exporter.Attrs[name] = value;
        if (options.ImageNames.Count > 0) exporter.Attrs["name"] = string.Join(',', options.ImageNames);
        request.Exporters.Add(exporter);
        request.ExporterDeprecated = options.Exporter;
        foreach (var (name, value) in exporter.Attrs) request.ExporterAttrsDeprecated[name] = value;
        return request;
    }
}

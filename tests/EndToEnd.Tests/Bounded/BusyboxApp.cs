namespace EndToEnd.Tests.Bounded;

/// <summary>Folders with a Dockerfile on nothing but the host's static busybox: no base image has to be had, every step is new to the cache.</summary>
internal static class BusyboxApp
{
    private const string Port = "3000";

    /// <param name="lines">Steps before the image is complete; it serves a page that says hello.</param>
    public static string Create(params string[] lines)
    {
        var folder = Directory.CreateTempSubdirectory("e2e-bounded-").FullName;
        File.Copy("/bin/busybox", Path.Combine(folder, "busybox"));
        File.WriteAllText(Path.Combine(folder, "index.html"), "hello");
        File.WriteAllText(Path.Combine(folder, "Dockerfile"), string.Join('\n',
        [
            "FROM scratch",
            "COPY busybox /bin/busybox",
            "ENV PATH=/bin",
            "SHELL [\"/bin/busybox\", \"sh\", \"-c\"]",
            $"RUN /bin/busybox --install -s /bin && echo {Guid.NewGuid():N}",
            .. lines,
            "COPY index.html /www/index.html",
            $"EXPOSE {Port}",
            $"CMD [\"/bin/busybox\", \"httpd\", \"-f\", \"-p\", \"{Port}\", \"-h\", \"/www\"]",
            "",
        ]));
        return folder;
    }
}

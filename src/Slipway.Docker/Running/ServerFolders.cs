using Docker.DotNet.Models;

namespace Slipway.Docker.Running;

/// <summary>Folders that the common web servers write into as root before they give root up. An app of ours never is root, so it
/// gets them as folders in memory, empty and bounded: <c>FROM nginx</c> and Debian's nginx start as they are, Apache where nothing
/// wants to change an owner (<c>apachectl</c> does).</summary>
internal static class ServerFolders
{
    private static readonly string[] _always = ["/run", "/run/apache2", "/run/lock/apache2", "/var/cache/nginx", "/var/lib/nginx"];
    private static readonly string[] _logs = ["/var/log/nginx", "/var/log/apache2"];

    public static IEnumerable<string> Of(DockerOCIImageConfig? image) => LogsToTheConsole(image) ? _always : [.. _always, .. _logs];

    /// <summary>The official images link their log files to the console; a folder on top would hide the links, and the log.</summary>
    private static bool LogsToTheConsole(DockerOCIImageConfig? image) =>
        image?.Env?.Any(variable => variable.StartsWith("NGINX_VERSION=", StringComparison.Ordinal) || variable.StartsWith("APACHE_CONFDIR=", StringComparison.Ordinal)) == true;
}

using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Slipway.Core.Stack;

namespace Slipway.Cli.Stack;

/// <summary>The variables of the compose file. What was chosen once stays: addresses, ports, the domain; what this host and this version are is written anew.</summary>
internal sealed class StackEnvironment
{
    private static readonly UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private readonly SortedDictionary<string, string> _values;
    private readonly string _file;

    private StackEnvironment(string file, SortedDictionary<string, string> values) => (_file, _values) = (file, values);

    public static StackEnvironment Read(StackFolder folder)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (File.Exists(folder.EnvironmentFile))
        {
            foreach (var line in File.ReadLines(folder.EnvironmentFile))
                if (line is not ['#', ..] && line.Split('=', 2) is [var name, var value]) values[name.Trim()] = value.Trim();
        }

        return new(folder.EnvironmentFile, values);
    }

    public string this[string name] => _values.TryGetValue(name, out var value) ? value : "";

    /// <summary>Where the API is reached from this host.</summary>
    public string Api => $"http://{this["SUBNET"]}.10:7420";

    /// <summary>The stack's network is on this host: without it that address is somebody else's, and the token not for him.</summary>
    public bool IsHere => NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses).Any(a => a.Address.ToString() == $"{this["SUBNET"]}.1");

    public int Port => int.TryParse(this["PORT"], out var port) ? port : 80;

    public string BaseDomain => this["BASE_DOMAIN"];

    public int Workers => int.TryParse(this["WORKERS"], out var count) ? count : 2;

    public void Choose(StackRequest request, string domain)
    {
        Set("BASE_DOMAIN", request.BaseDomain);
        Keep("BASE_DOMAIN", () => domain);
        Set("PORT", request.Port?.ToString(CultureInfo.InvariantCulture));
        Keep("PORT", () => IsFree(IPAddress.Any, 80) ? "80" : "8080");
        Set("WORKERS", request.Workers?.ToString(CultureInfo.InvariantCulture));
        Keep("WORKERS", () => "2");
        Keep("SUBNET", FreeSubnet);
        Keep("REGISTRY_PORT", () => Enumerable.Range(5000, 500).First(port => IsFree(IPAddress.Loopback, port)).ToString(CultureInfo.InvariantCulture));
        Keep("COMPOSE_PROJECT_NAME", () => "slipway");
        _values["BIND_PUBLIC"] = "true";
        _values["PUBLIC_URL"] = $"http://slipway.{BaseDomain}{(Port == 80 ? "" : $":{Port}")}";
    }

    public void Take(StackHost host)
    {
        _values["ENGINE_SOCKET"] = host.Socket;
        _values["ENGINE_GROUP"] = host.Group;
        _values["ENGINE_ROOT"] = host.DataRoot;
        _values["CA_FILE"] = host.Authorities;
        _values["APT_FOLDER"] = host.Apt;
    }

    /// <returns>Images that stay as they were: data of another family or major is not readable to the new ones.</returns>
    public IReadOnlyList<string> Take(StackMaterial material)
    {
        _values["SLIPWAY_IMAGE"] = material.Images.Slipway;
        var kept = new List<string>();
        foreach (var (name, image) in new[] { ("POSTGRES_IMAGE", material.Images.Postgres), ("NATS_IMAGE", material.Images.Nats) })
        {
            if (IsOtherData(this[name], image)) kept.Add(this[name]);
            else _values[name] = image;
        }

        _values["REGISTRY_IMAGE"] = material.Images.Registry;
        _values["PROMETHEUS_IMAGE"] = material.Images.Prometheus;
        _values["NPM_REGISTRY"] = material.NpmRegistry;
        return kept;
    }

    /// <summary>So that services are started anew when what they read has changed; the edge, which visitors would miss, for its own part of the settings only.</summary>
    /// <param name="settings">The copy that all services read.</param>
    public void TakeFiles(StackFolder folder, string settings)
    {
        var text = File.ReadAllText(settings);
        _values["SETTINGS"] = Digest(text + FolderText(folder.SecretsOf("server")) + FolderText(folder.SecretsOf("worker")));
        _values["EDGE_SETTINGS"] = Digest(string.Join('\n', EdgeSettings.Of(text)));
        foreach (var service in new[] { "postgres", "nats", "registry", "prometheus" })
            _values[$"{service.ToUpperInvariant()}_FILES"] = Digest(FolderText(folder.SecretsOf(service)) + FolderText(Path.Combine(folder.Root, service)));
    }

    public void Save()
    {
        var text = "# The variables of compose.yaml; `slipway stack up` keeps the addresses, ports and limits here, and writes images and this host's facts anew.\n" +
            string.Concat(_values.Select(v => $"{v.Key}={v.Value}\n"));
        // A registry's address may have a password in it.
        var isSecret = Uri.TryCreate(this["NPM_REGISTRY"], UriKind.Absolute, out var npm) && npm.UserInfo.Length > 0;
        Machine.RunFiles.WriteText(_file, text, isSecret ? UnixFileMode.UserRead | UnixFileMode.UserWrite : Mode);
    }

    /// <summary>"postgres:17" and "postgres:18", or "postgres:17" and "slipway/postgres:1-…".</summary>
    private static bool IsOtherData(string before, string image)
    {
        if (before.Length == 0) return false;
        var (one, other) = (Parts(before), Parts(image));
        return one != other;

        static (string Family, string Major) Parts(string reference)
        {
            var name = reference.Split('@')[0];
            var colon = name.LastIndexOf(':');
            return colon > name.LastIndexOf('/') ? (name[..colon], name[(colon + 1)..].Split('.', '-')[0]) : (name, "");
        }
    }

    private static string FolderText(string folder) => !Directory.Exists(folder)
        ? ""
        : string.Concat(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => $"{f}\n{File.ReadAllText(f)}\n"));

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];

    private void Set(string name, string? value)
    {
        if (value is not null) _values[name] = value;
    }

    private void Keep(string name, Func<string> choose)
    {
        if (this[name].Length == 0) _values[name] = choose();
    }

    /// <summary>A /24 that no route of this host leads into.</summary>
    private static string FreeSubnet()
    {
        var used = NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Where(a => a.Address.AddressFamily == AddressFamily.InterNetwork).ToList();
        return Enumerable.Range(0, 200).Select(n => $"10.203.{n}").First(subnet => used.TrueForAll(a =>
            !new IPNetwork(Masked(a.Address, Math.Min(a.PrefixLength, 24)), Math.Min(a.PrefixLength, 24)).Contains(IPAddress.Parse($"{subnet}.1"))));
    }

    private static IPAddress Masked(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < 32; bit++) bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPAddress(bytes);
    }

    private static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

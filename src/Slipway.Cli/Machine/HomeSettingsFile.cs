using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Cli.CommandLine;
using Slipway.Core;

namespace Slipway.Cli.Machine;

/// <summary><c>settings.json</c> of a home, which the server reads as configuration. We touch our own keys and leave the others.</summary>
internal sealed class HomeSettingsFile(SlipwayHome home)
{
    private readonly string _path = Path.Combine(home.Root, "settings.json");

    public string BaseDomain => Value("Edge", nameof(BaseDomain))?.GetValue<string>() ?? "localhost";

    public bool IsPublic => Value("Edge", "BindPublic")?.GetValue<bool>() ?? false;

    public string? AcmeEmail => Value("Acme", "Email")?.GetValue<string>() is { Length: > 0 } email ? email : null;

    /// <summary>The person named a port here; nothing may choose over it.</summary>
    public bool NamesPort => Value("Edge", "Port") is not null;

    /// <returns>Whether anything changed.</returns>
    /// <param name="acmeEmail">Whoever gives it agrees to the authority's terms.</param>
    public bool Save(bool? isPublic, string? baseDomain, string? acmeEmail = null)
    {
        var root = Read();
        var before = root.ToJsonString();
        if (root["Slipway"] is not JsonObject slipway) root["Slipway"] = slipway = [];
        if (slipway["Edge"] is not JsonObject edge) slipway["Edge"] = edge = [];
        if (isPublic is { } bind) edge["BindPublic"] = bind;
        if (baseDomain is not null) edge[nameof(BaseDomain)] = baseDomain;
        if (acmeEmail is not null)
        {
            if (slipway["Acme"] is not JsonObject acme) slipway["Acme"] = acme = [];
            (acme["Email"], acme["AgreeToTerms"]) = (acmeEmail, true);
        }

        if ((edge.Count == 0 && acmeEmail is null) || root.ToJsonString() == before) return false;
        RunFiles.WriteText(_path, root.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return true;
    }

    /// <summary>The store is there from now on; the password stays in its file.</summary>
    public void UsePostgres(string connection, string? passwordFile)
    {
        var root = Read();
        if (root["Slipway"] is not JsonObject slipway) root["Slipway"] = slipway = [];
        if (slipway["Store"] is not JsonObject store) slipway["Store"] = store = [];
        (store["Database"], store["ConnectionString"], store["PasswordFile"]) = ("postgres", connection, passwordFile ?? "");
        RunFiles.WriteText(_path, root.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private JsonNode? Value(string section, string name) => (Read()["Slipway"] as JsonObject)?[section] is JsonObject found ? found[name] : null;

    private JsonObject Read()
    {
        if (!File.Exists(_path)) return [];
        try
        {
            return JsonNode.Parse(File.ReadAllText(_path)) as JsonObject ?? throw new JsonException("it is no object");
        }
        catch (JsonException e)
        {
            throw CliError.Broken("settings.invalid", $"{_path} is no JSON object: {e.Message}", "repair or remove the file", e);
        }
    }
}

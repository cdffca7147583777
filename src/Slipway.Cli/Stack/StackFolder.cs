using Slipway.Core;

namespace Slipway.Cli.Stack;

/// <summary>Where a stack keeps everything: <c>stack/</c> in the home.</summary>
internal sealed record StackFolder(string Root)
{
    public static StackFolder Of(SlipwayHome home) => new(Path.Combine(home.Root, "stack"));

    public string ComposeFile => Path.Combine(Root, "compose.yaml");

    /// <summary>A person's own, laid over the compose file where it is there; we never write it.</summary>
    public string Override => Path.Combine(Root, "compose.override.yaml");

    /// <summary>What the compose file's variables are.</summary>
    public string EnvironmentFile => Path.Combine(Root, ".env");

    /// <summary>Each secret once, for root alone; services get copies of those that they need.</summary>
    public string Originals => Path.Combine(Root, "secrets", "originals");

    public string SecretsOf(string service) => Path.Combine(Root, "secrets", service);

    public string DataOf(string service) => Path.Combine(Root, "data", service);

    public string Backups => Path.Combine(Root, "backups");

    /// <summary>The API's token, made by the server.</summary>
    public string TokenFile => Path.Combine(DataOf("server"), "keys", "token");

    /// <summary>It was set up once, to the point where its services could be started.</summary>
    public bool Exists => File.Exists(EnvironmentFile) && File.Exists(ComposeFile);
}

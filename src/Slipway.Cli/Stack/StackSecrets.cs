using System.Security.Cryptography;
using System.Text;
using Slipway.Core.Stack;

namespace Slipway.Cli.Stack;

/// <summary>Every secret of the stack: made once, never defaulted, and given to just the services that need it, each as its own user's file.</summary>
internal sealed class StackSecrets(StackFolder folder, TimeProvider time)
{
    private readonly StackAuthority _authority = new(folder, time);

    /// <summary>Also puts right what somebody has changed; what is there already stays.</summary>
    public void Ensure()
    {
        FileOwner.Folder(folder.Root, 0, 0, Folder | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        FileOwner.Folder(Path.Combine(folder.Root, "secrets"), 0, 0, Folder | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        FileOwner.Folder(folder.Originals, 0, 0);
        _authority.Ensure();

        var (control, worker) = (Password("nats-control"), Password("nats-worker"));
        var registry = Password("registry");
        var postgres = Password("postgres");
        var metrics = Password("metrics");
        Give("server", StackUsers.Server, [("postgres-password", postgres), ("nats-password", control), ("registry-password", registry), ("metrics-token", metrics), .. Client("control")]);
        Give("worker", StackUsers.Worker, [("nats-password", worker), ("registry-password", registry), ("metrics-token", metrics), .. Client("worker")]);
        Give("postgres", StackUsers.Postgres, [("postgres-password", postgres), .. Pair("postgres", "postgres")]);
        Give("nats", StackUsers.Nats, [.. Pair("nats", "nats-server"), ("stack-ca.pem", _authority.Certificate), ("users.conf", $"CONTROL_PASSWORD: \"{control}\"\nWORKER_PASSWORD: \"{worker}\"\n{StackFiles.Text("nats/users.conf")}")]);
        Give("registry", StackUsers.Registry, [("registry-users", Users(registry))]);
        Give("prometheus", StackUsers.Prometheus, [("metrics-token", metrics)]);
        Give("buildkit", BuildKit, [("ca.pem", _authority.Certificate), .. Pair("buildkit", "buildkit")]);
    }

    private const UnixFileMode Folder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The user of BuildKit's rootless image.</summary>
    public const int BuildKit = 1000;

    private (string, string)[] Client(string user) => [("ca.pem", _authority.Certificate), .. Pair(user, "nats")];

    private (string, string)[] Pair(string name, string file) => [($"{file}.pem", _authority.Of(name).Certificate), ($"{file}-key.pem", _authority.Of(name).Key)];

    private void Give(string service, int user, IEnumerable<(string Name, string Text)> files)
    {
        FileOwner.Folder(folder.SecretsOf(service), user, user, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        foreach (var (name, text) in files) FileOwner.Write(Path.Combine(folder.SecretsOf(service), name), Encoding.UTF8.GetBytes(text.TrimEnd('\n') + "\n"), user, user);
    }

    private string Password(string name) => Once($"{name}-password", () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));

    /// <summary>The registry reads no other kind than bcrypt. Kept, for it has a salt.</summary>
    private string Users(string password) => Once("registry-users", () => $"slipway:{BCrypt.Net.BCrypt.HashPassword(password, 10)}");

    private string Once(string name, Func<string> make)
    {
        var path = Path.Combine(folder.Originals, name);
        if (!File.Exists(path)) FileOwner.Write(path, Encoding.UTF8.GetBytes(make() + "\n"), 0, 0);
        return File.ReadAllText(path).TrimEnd('\n');
    }
}

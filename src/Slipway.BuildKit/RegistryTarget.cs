using BuildKit.Client;
using Slipway.Core.Pipeline.Shipping;

namespace Slipway.BuildKit;

/// <summary>The registry that a build pushes to.</summary>
/// <param name="Address">As images are named.</param>
/// <param name="BuilderAddress">As the builder reaches it; most often the same.</param>
/// <param name="Login">Asked anew for each build.</param>
/// <param name="IsPlain">Without TLS.</param>
/// <param name="KeepsCache">The build's cache goes there too, where the builder can.</param>
public sealed record RegistryTarget(string Address, string BuilderAddress, Func<RegistryLogin> Login, bool IsPlain, bool KeepsCache)
{
    /// <summary>The same image, by the name that the builder can reach.</summary>
    internal string ToBuilder(string image) => image.StartsWith(Address + "/", StringComparison.Ordinal) ? BuilderAddress + image[Address.Length..] : image;

    internal IReadOnlyDictionary<string, RegistryCredentials> Credentials()
    {
        var login = Login();
        return login.Username.Length == 0
            ? new Dictionary<string, RegistryCredentials>()
            : new Dictionary<string, RegistryCredentials> { [BuilderAddress] = new(login.Username, login.Password.Reveal()) };
    }
}

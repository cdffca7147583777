namespace Slipway.Core.Pipeline.Shipping;

/// <summary>Who may read and write a registry.</summary>
/// <param name="Host">As images name it, with its port.</param>
/// <param name="Username">Empty: nobody in particular.</param>
public sealed record RegistryLogin(string Host, string Username, Secret Password);

/// <summary>
/// Carries images between the engine and a registry, by the engine's own means. Null: done. A refusal is a Failure (<c>ship.denied</c>,
/// <c>ship.untrusted</c>, <c>ship.refused</c>), an absence a <see cref="RegistryAwayException"/>.
/// </summary>
public interface IImageTransfer
{
    /// <summary>Sends the engine's image under that name, which it gets if it has it not; layers that the registry has are not sent again.</summary>
    Task<Failure?> PushAsync(string image, string name, RegistryLogin login, Action<string> tell, CancellationToken ct);

    /// <summary>Gets <c>repository@sha256:…</c> and gives it the name; <c>run.image_missing</c> when the registry has no such image.</summary>
    Task<Failure?> PullAsync(string pinned, string name, RegistryLogin login, Action<string> tell, CancellationToken ct);

    /// <summary>Whether the engine reaches the registry and is let in.</summary>
    Task<Failure?> CheckAsync(RegistryLogin login, CancellationToken ct);
}

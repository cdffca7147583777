namespace Slipway.Core.Projects;

/// <summary>Which of a project's hosts ask for its password.</summary>
public enum ProtectedHosts
{
    All,

    /// <summary>Deployments' and branches' own hosts; what leads to production is open.</summary>
    Previews,
}

/// <summary>A project's password.</summary>
/// <param name="PasswordHash">As ASP.NET Core's password hasher writes it: salted, with its algorithm and rounds.</param>
public sealed record ProtectionSettings(Secret PasswordHash, ProtectedHosts Hosts)
{
    public const int MinLength = 8;
    public const int MaxLength = 200;

    /// <summary>What a host asks for; null: it is open.</summary>
    public string? HashOf(bool isProductionHost) => isProductionHost && Hosts == ProtectedHosts.Previews ? null : PasswordHash.Reveal();

    /// <summary>A browser's field holds one line, and HTTP Basic no control characters.</summary>
    public static Failure? CheckPassword(string password)
    {
        if (password.Length is < MinLength or > MaxLength) return new Failure("protection.password_length", $"a password has {MinLength} to {MaxLength} characters", "let one be made: slipway protect PROJECT --generate");
        return password.Any(char.IsControl) ? new Failure("protection.password_invalid", "a password is one line without control characters", "let one be made: slipway protect PROJECT --generate") : null;
    }
}

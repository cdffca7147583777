namespace Slipway.Home;

/// <summary>The user and groups this process really has, as the kernel says.</summary>
public sealed record ProcessIdentity(string User, IReadOnlyList<string> Groups)
{
    private const int Effective = 1;

    public static ProcessIdentity Read() => Parse(File.ReadAllLines("/proc/self/status"));

    internal static ProcessIdentity Parse(IEnumerable<string> status)
    {
        var fields = status.Select(line => line.Split(':', 2)).Where(f => f.Length == 2).ToDictionary(f => f[0], f => f[1].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return new(fields["Uid"][Effective], [.. fields["Groups"].Prepend(fields["Gid"][Effective]).Distinct()]);
    }

    public override string ToString() => $"user {User} (groups {string.Join(", ", Groups)})";
}

namespace Slipway.BuildKit;

/// <summary>A step's name for the margin of a log: <c>[build 3/5] RUN npm ci</c> becomes <c>build 3/5</c>.</summary>
internal static class StepName
{
    private const int Max = 40;

    public static string Short(string name)
    {
        if (name.StartsWith('[') && name.IndexOf(']', StringComparison.Ordinal) is > 1 and var end) return name[1..end].Trim();
        return name.Length <= Max ? name : name[..Max] + "…";
    }
}

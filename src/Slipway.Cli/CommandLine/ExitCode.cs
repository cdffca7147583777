namespace Slipway.Cli.CommandLine;

/// <summary>Part of the contract that scripts rely on.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The deployment failed or was canceled.</summary>
    public const int Failed = 1;

    /// <summary>Wrong use: what was asked cannot be meant.</summary>
    public const int Usage = 2;

    /// <summary>Slipway itself is unreachable or broken, or the machine lacks something.</summary>
    public const int Broken = 3;

    /// <summary>Left by Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;
}

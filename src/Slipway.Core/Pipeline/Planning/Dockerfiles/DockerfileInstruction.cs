namespace Slipway.Core.Pipeline.Planning.Dockerfiles;

/// <summary>One instruction as the frontend reads it: continued lines joined, comments between them dropped.</summary>
/// <param name="Keyword">In capitals.</param>
/// <param name="Arguments">Where in <see cref="Text"/> the arguments begin.</param>
/// <param name="Positions">Where in the file each character of <see cref="Text"/> is.</param>
/// <param name="End">In the file, after the instruction's last line and its heredocs, behind the line break.</param>
internal sealed record DockerfileInstruction(string Keyword, string Text, int Arguments, IReadOnlyList<int> Positions, int End)
{
    /// <summary>Where in the file a range of <see cref="Text"/> is, which may be broken by a continuation.</summary>
    public (int Start, int End) InFile(int start, int end) => (Positions[start], Positions[end - 1] + 1);
}

namespace BuildKit.Client;

/// <summary>A place in a Dockerfile.</summary>
/// <param name="File">As <see cref="BuildOptions.DockerfileName"/> says.</param>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based, in characters: the word that the daemon complains of, else the line's first. The daemon tells lines only.</param>
/// <param name="Text">The whole line, without its end.</param>
public sealed record SourceLocation(string File, int Line, int Column, string Text)
{
    /// <summary><c>Dockerfile:3:5</c></summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");
}

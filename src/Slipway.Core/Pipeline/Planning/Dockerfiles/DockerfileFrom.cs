namespace Slipway.Core.Pipeline.Planning.Dockerfiles;

/// <summary>A FROM line.</summary>
/// <param name="Image">With ARGs' defaults filled in: an image, or an earlier stage.</param>
/// <param name="Word">The image as written.</param>
internal sealed record DockerfileFrom(string Image, string? Stage, DockerfileWord Word)
{
    /// <summary>Null when there is no image in it.</summary>
    public static DockerfileFrom? Read(DockerfileInstruction instruction, char escape, IReadOnlyDictionary<string, string> arguments)
    {
        var words = DockerfileWords.Split(instruction.Text, instruction.Arguments, escape).SkipWhile(w => w.Raw.StartsWith("--", StringComparison.Ordinal)).ToList();
        if (words.Count == 0) return null;
        var stage = words is [_, { Raw: var keyword }, { Raw: var name }, ..] && keyword.Equals("AS", StringComparison.OrdinalIgnoreCase) ? name : null;
        return new(DockerfileWords.Unquote(DockerfileWords.Expand(words[0].Raw, arguments, escape), escape), stage, words[0]);
    }

    /// <summary>Defaults of the ARGs before the first FROM.</summary>
    public static IReadOnlyDictionary<string, string> GlobalArguments(DockerfileReader reader)
    {
        var arguments = new Dictionary<string, string>();
        foreach (var instruction in reader.Instructions.TakeWhile(i => i.Keyword != "FROM").Where(i => i.Keyword == "ARG"))
            foreach (var word in DockerfileWords.Split(instruction.Text, instruction.Arguments, reader.Escape))
                if (word.Raw.Split('=', 2) is [var name, var value])
                    arguments[name] = DockerfileWords.Unquote(DockerfileWords.Expand(value, arguments, reader.Escape), reader.Escape);
        return arguments;
    }
}

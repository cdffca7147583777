using System.Globalization;

namespace Slipway.Core.Pipeline.Planning.Dockerfiles;

/// <summary>What a Dockerfile says about itself, for plans and error messages. Read leniently: the builder is the judge.</summary>
public sealed record DockerfileFacts
{
    /// <summary>Patterns, heredocs and addresses.</summary>
    private const string NotAName = "*?[<\\:";

    /// <summary>Images from elsewhere that it starts from or copies from, in order, each once; defaults of ARGs filled in.</summary>
    public IReadOnlyList<string> Images { get; private init; } = [];

    /// <summary>TCP ports that the last stage exposes.</summary>
    public IReadOnlyList<int> Ports { get; private init; } = [];

    /// <summary>Files of the context that it copies, without patterns.</summary>
    public IReadOnlyList<string> ContextFiles { get; private init; } = [];

    public static DockerfileFacts Read(string dockerfile)
    {
        var reader = DockerfileReader.Read(dockerfile);
        var images = new List<string>();
        var files = new List<string>();
        var stages = new Dictionary<string, Stage>(StringComparer.OrdinalIgnoreCase);
        var arguments = new Dictionary<string, string>();
        // ARGs before the first FROM are for FROM lines, and for stages that name them again.
        var stage = new Stage(arguments, arguments, []);
        var count = 0;
        foreach (var instruction in reader.Instructions)
        {
            var words = DockerfileWords.Split(instruction.Text, instruction.Arguments, reader.Escape).Select(w => w.Raw).ToList();
            switch (instruction.Keyword)
            {
                case "FROM":
                    var from = DockerfileFrom.Read(instruction, reader.Escape, arguments);
                    if (from is null) break;
                    stage = stages.TryGetValue(from.Image, out var parent) ? parent.Copy() : new(arguments, [], []);
                    if (parent is null && from.Image.Length > 0 && from.Image != "scratch") Add(images, from.Image);
                    stages[from.Stage ?? $"{count}"] = stage;
                    count++;
                    break;
                case "ARG" or "ENV":
                    stage.Set(words, reader.Escape, isArgument: instruction.Keyword == "ARG");
                    break;
                case "EXPOSE":
                    foreach (var word in words.SelectMany(w => stage.Value(w, reader.Escape).Split(' ')))
                        if (Port(word) is { } port && !stage.Ports.Contains(port)) stage.Ports.Add(port);
                    break;
                case "COPY" or "ADD":
                    Copy(words, stage, reader.Escape);
                    break;
            }
        }

        return new() { Images = images, Ports = stage.Ports, ContextFiles = files };

        void Copy(List<string> words, Stage at, char escape)
        {
            var flag = words.FirstOrDefault(w => w.StartsWith("--from=", StringComparison.Ordinal));
            if (flag is not null)
            {
                var image = at.Value(flag["--from=".Length..], escape);
                if (!stages.ContainsKey(image) && !int.TryParse(image, out _)) Add(images, image);
                return;
            }

            var sources = words.Where(w => !w.StartsWith("--", StringComparison.Ordinal)).Select(w => at.Value(w.Trim('[', ']', ','), escape)).ToList();
            foreach (var source in sources.SkipLast(1))
                if (source.Length > 0 && !source.Any(NotAName.Contains)) Add(files, source.TrimStart('/'));
        }
    }

    private static int? Port(string word)
    {
        var parts = word.Split('/');
        return parts is [_] or [_, "tcp"] && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536 ? port : null;
    }

    private static void Add(List<string> list, string value)
    {
        if (!list.Contains(value)) list.Add(value);
    }

    private sealed class Stage(IReadOnlyDictionary<string, string> global, Dictionary<string, string> variables, IReadOnlyList<int> ports)
    {
        public List<int> Ports { get; } = [.. ports];

        public Stage Copy() => new(global, new(variables), Ports);

        public string Value(string raw, char escape) => DockerfileWords.Unquote(DockerfileWords.Expand(raw, variables, escape), escape);

        public void Set(List<string> words, char escape, bool isArgument)
        {
            if (!isArgument && words.Count >= 2 && !words[0].Contains('=', StringComparison.Ordinal))
            {
                variables[words[0]] = Value(string.Join(' ', words.Skip(1)), escape);
                return;
            }

            foreach (var word in words)
            {
                var (name, value) = word.Split('=', 2) is [var n, var v] ? (n, (string?)Value(v, escape)) : (word, null);
                value ??= global.GetValueOrDefault(name);
                if (value is not null) variables[name] = value;
            }
        }
    }
}

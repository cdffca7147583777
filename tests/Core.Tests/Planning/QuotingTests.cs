using System.Diagnostics;
using CsCheck;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Planning.Dockerfiles;
using Slipway.Testing;

namespace Slipway.Core.Tests.Planning;

/// <summary>Nothing that a repository names becomes an instruction of the Dockerfile or code of the shell.</summary>
public class QuotingTests
{
    private const string Alphabet = "ab/.-_ '\"\\$`{}()#;|&<>*?[]!~%=:,@^\té🚢\n\r\u2028\0";

    private static readonly Gen<string> GenWord = Gen.Int[0, Alphabet.Length - 1].Array[1, 12].Select(indices => string.Concat(indices.Select(i => Alphabet[i])));

    /// <summary>What an attacker would try; each leaves a file where it becomes code.</summary>
    private static readonly string[] Attacks =
    [
        "$(: > PWNED)", "`: > PWNED`", "'; : > PWNED; '", "\"; : > PWNED; \"", "a\nRUN : > PWNED", "a' \\\n: > PWNED", "; : > PWNED #", "&& : > PWNED", "${IFS}", "$PATH", "-rf", "# comment",
        "<<EOF", "a\\", "a\\\\", "*", "[a-z]", "--mount=type=secret", "\u2028RUN : > PWNED", "a\r\nRUN : > PWNED", "\\'; : > PWNED; \\'",
    ];

    private static readonly HashSet<string> Ours = ["FROM", "ENV", "WORKDIR", "COPY", "RUN", "USER", "EXPOSE", "CMD"];

    /// <summary>All succeed, so that every command of a chain is reached.</summary>
    private static readonly string Stubs = string.Concat(
        new[] { "npm", "npx", "pnpm", "yarn", "bun", "test", "cd", "cp", "mv", "rm", "ln", "find", "head", "mkdir", "rmdir", "grep" }.Select(program => $"{program}() {{ :; }}; "));

    public static TheoryData<string> AttackData => [.. Attacks];

    [Fact]
    public void A_quoted_word_is_one_word_to_a_real_shell()
    {
        var words = new List<string>();
        GenWord.Where(w => !w.Any(char.IsControl) && IsWellFormed(w)).Sample(words.Add, iter: 500, threads: 1);
        words.AddRange(Attacks.Where(a => !a.Any(char.IsControl)));
        Assert.Equal(words.Select(w => w + "\n"), words.Zip(Sh(string.Concat(words.Select(w => $"printf '%s\\n' {Shell.Quote(w)}\n"))).Split('\n')).Select(pair => pair.Second + "\n"));
    }

    [Fact]
    public void A_working_folder_is_one_word_to_Docker() => GenWord.Where(w => !w.Any(char.IsControl)).Sample(word =>
    {
        var dockerfile = new DockerfileWriter().Workdir("/app/" + word).ToString();
        var instruction = Assert.Single(DockerfileReader.Read(dockerfile).Instructions);
        var raw = instruction.Text[instruction.Arguments..];
        return DockerfileWords.Unquote(DockerfileWords.Expand(raw, new Dictionary<string, string>(), '\\'), '\\') == "/app/" + word;
    });

    [Fact]
    public void Whatever_a_repository_names_the_instructions_are_ours() => Gen.Select(GenWord, GenWord, GenWord, GenWord).Sample((root, output, script, name) =>
    {
        foreach (var tree in Trees(root, output, script, name))
        {
            var plan = Planner.Plan(tree, new() { RootDirectory = root });
            if (plan.IsFailure(out _)) continue;
            AssertOurs(plan.Value.Dockerfile);
        }
    }, iter: 500);

    [Theory, MemberData(nameof(AttackData))]
    public void An_attack_by_name_stays_a_name(string attack)
    {
        foreach (var tree in Trees(attack, attack, attack, attack).Concat(Trees("web", attack, attack, attack)).Concat(Trees("web", "x", attack + "/x.js", attack)))
            foreach (var root in new[] { attack, "web" })
            {
                var plan = Planner.Plan(tree, new() { RootDirectory = root });
                if (plan.IsFailure(out _)) continue;
                AssertOurs(plan.Value.Dockerfile);
                AssertHarmless(plan.Value.Dockerfile);
            }
    }

    private static IEnumerable<MemoryTree> Trees(string root, string output, string script, string name)
    {
        var folder = SourcePath.Normalize(root) ?? "web";
        var quoted = Text(script);
        var named = Text(name);
        string[] packages =
        [
            $$"""{ "name": {{named}}, "devDependencies": { "vite": "7" }, "scripts": { "build": {{quoted}} } }""",
            $$"""{ "name": {{named}}, "dependencies": { "next": "16", {{named}}: "*" }, "scripts": { "build": {{quoted}} } }""",
            $$"""{ "name": {{named}}, "main": {{quoted}}, "packageManager": {{named}}, "engines": { "node": {{quoted}}, "pnpm": {{quoted}} } }""",
            $$"""{ "name": {{named}}, "scripts": { "start": {{quoted}} }, "dependencies": { "express": "5" } }""",
            $$"""{ "name": {{named}}, "scripts": { "start": {{Text("node " + script)}} }, "dependencies": { "express": "5" } }""",
        ];
        foreach (var package in packages)
        {
            var tree = new MemoryTree
            {
                [SourcePath.Join(folder, "package.json")] = package,
                [SourcePath.Join(folder, ".nvmrc")] = script,
                ["package.json"] = $$"""{ "workspaces": ["*", "*/*", {{named}}], "devDependencies": { "turbo": "2" } }""",
                ["turbo.json"] = "{}",
                ["lib/package.json"] = $$"""{ "name": {{named}}, "scripts": { "build": {{quoted}} } }""",
            };
            if (SourcePath.Normalize(script) is { Length: > 0 } main) tree[SourcePath.Join(folder, main)] = "";
            yield return tree;
            tree[SourcePath.Join(folder, "vite.config.js")] = $"export default {{ build: {{ outDir: '{output}' }} }}";
            tree[SourcePath.Join(folder, "next.config.js")] = $"export default {{ distDir: `{output}` }}";
            yield return tree;
        }
    }

    private static string Text(string value) => System.Text.Json.JsonSerializer.Serialize(value);

    private static void AssertOurs(string dockerfile)
    {
        var instructions = DockerfileReader.Read(dockerfile).Instructions;
        Assert.All(instructions, i => Assert.Contains(i.Keyword, Ours));
        Assert.Single(instructions, i => i.Keyword == "USER");
        Assert.All(instructions.Where(i => i.Keyword == "CMD"), i => System.Text.Json.JsonElement.Parse(i.Text[i.Arguments..]));
        // No line that Docker drops as a comment, but the first.
        Assert.DoesNotContain(dockerfile.Split('\n').Skip(1), line => line.TrimStart().StartsWith('#'));
    }

    /// <summary>Runs the steps with no program to be found, so that only what the shell itself does happens.</summary>
    private static void AssertHarmless(string dockerfile)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-quoting-").FullName;
        try
        {
            foreach (var run in DockerfileReader.Read(dockerfile).Instructions.Where(i => i.Keyword == "RUN"))
            {
                var flags = DockerfileWords.Flags(run, '\\').ToList();
                var command = run.Text[(flags.Count == 0 ? run.Arguments : flags[^1].End)..];
                Sh($"PATH=/nonexistent; {Stubs} {command}", folder);
                Assert.DoesNotContain(Directory.GetFiles(folder), f => f.EndsWith("PWNED", StringComparison.Ordinal));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Sh(string script, string? folder = null)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-s"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "/",
            StandardInputEncoding = new System.Text.UTF8Encoding(false),
            StandardOutputEncoding = new System.Text.UTF8Encoding(false),
        })!;
        shell.StandardInput.Write(script);
        shell.StandardInput.Close();
        shell.ErrorDataReceived += (_, _) => { };
        shell.BeginErrorReadLine();
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return output;
    }

    private static bool IsWellFormed(string text) => text.EnumerateRunes().All(r => r.Value != 0xFFFD);
}

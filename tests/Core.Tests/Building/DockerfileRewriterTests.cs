using CsCheck;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Planning.Dockerfiles;

namespace Slipway.Core.Tests.Building;

public class DockerfileRewriterTests
{
    private const string Ca = "--mount=type=secret,id=slipway-ca,target=/run/slipway/ca.crt,mode=0444";

    private static readonly DockerfileAdditions Nothing = new() { CachePrefix = "p-" };
    private static readonly DockerfileAdditions Trusting = Nothing with { TrustHostCertificates = true };
    private static readonly DockerfileAdditions Based = Nothing with { Bases = new Dictionary<string, string> { ["node:22"] = "local/node:1", ["build"] = "wrong" } };

    [Theory]
    [InlineData("FROM node:22\n", "FROM local/node:1\n")]
    [InlineData("from  --platform=$BUILDPLATFORM node:22 as x\nFROM x\n", "from  --platform=$BUILDPLATFORM local/node:1 as x\nFROM x\n")]
    [InlineData("FROM \\\n  # why\n  node:22 \\\n  AS x\n", "FROM \\\n  # why\n  local/node:1 \\\n  AS x\n")]
    [InlineData("FROM node:22 AS build\nFROM build AS test\n", "FROM local/node:1 AS build\nFROM build AS test\n")]
    [InlineData("ARG V=22\nFROM node:${V}\nRUN echo node:22\n", "ARG V=22\nFROM local/node:1\nRUN echo node:22\n")]
    [InlineData("FROM node:22-slim\nCOPY --from=node:22 /a /b\n", "FROM node:22-slim\nCOPY --from=local/node:1 /a /b\n")]
    [InlineData("# FROM node:22\nFROM \"node:22\"", "# FROM node:22\nFROM local/node:1")]
    [InlineData("FROM x\nRUN <<EOF\nFROM node:22\nEOF\nFROM node:22", "FROM x\nRUN <<EOF\nFROM node:22\nEOF\nFROM local/node:1")]
    public void Bases_are_replaced_by_name(string dockerfile, string expected) => Assert.Equal(expected, DockerfileRewriter.Rewrite(dockerfile, Based));

    [Theory]
    [InlineData("RUN npm ci\n", $"RUN {Ca} npm ci\n")]
    [InlineData("  run\tnpm ci\n", $"  run {Ca}\tnpm ci\n")]
    [InlineData("RUN --network=none --mount=type=bind,target=/x make\n", $"RUN {Ca} --network=none --mount=type=bind,target=/x make\n")]
    [InlineData("RUN \\\n  # first\n  --mount=type=tmpfs,target=/t \\\n  make\n", $"RUN {Ca} \\\n  # first\n  --mount=type=tmpfs,target=/t \\\n  make\n")]
    [InlineData("RUN [\"make\", \"all\"]\n", $"RUN {Ca} [\"make\", \"all\"]\n")]
    [InlineData("RUN <<EOF\nRUN not me\nEOF\nRUN me\n", $"RUN {Ca} <<EOF\nRUN not me\nEOF\nRUN {Ca} me\n")]
    [InlineData("RUN cat <<-'A B' <<B\n\tRUN no\n\tA B\nRUN no\nB\nRUN yes", $"RUN {Ca} cat <<-'A B' <<B\n\tRUN no\n\tA B\nRUN no\nB\nRUN {Ca} yes")]
    [InlineData("RUN echo a \\\nRUN b\nRUN c\n", $"RUN {Ca} echo a \\\nRUN b\nRUN {Ca} c\n")]
    [InlineData("RUN echo a \\\\\nRUN b\n", $"RUN {Ca} echo a \\\\\nRUN {Ca} b\n")]
    [InlineData("RUN echo $((1<<2)) '<<EOF'\nRUN b\n", $"RUN {Ca} echo $((1<<2)) '<<EOF'\nRUN {Ca} b\n")]
    [InlineData("RUN a \\\r\n  b\r\nRUN c\r\n", $"RUN {Ca} a \\\r\n  b\r\nRUN {Ca} c\r\n")]
    [InlineData("ONBUILD RUN x\nRUN y", $"ONBUILD RUN x\nRUN {Ca} y")]
    [InlineData("CMD RUN x\nLABEL a=\"RUN b\"\n", "CMD RUN x\nLABEL a=\"RUN b\"\n")]
    public void Every_step_gets_the_certificates(string steps, string expected)
    {
        var rewritten = DockerfileRewriter.Rewrite("FROM x\n" + steps, Trusting);
        Assert.Equal("FROM x\n" + expected, string.Concat(rewritten.Split('\n').Where(l => !l.StartsWith("ARG ", StringComparison.Ordinal)).Select(l => l + "\n"))[..^1]);
        Assert.Equal(expected.Contains(Ca, StringComparison.Ordinal), rewritten.Contains("ARG NODE_EXTRA_CA_CERTS=/run/slipway/ca.crt SSL_CERT_FILE=", StringComparison.Ordinal));
    }

    [Fact]
    public void No_variable_of_Yarns_own_is_set_for_older_Yarns_refuse_to_run_with_it() =>
        Assert.DoesNotContain("YARN_", DockerfileRewriter.Rewrite("FROM a\nRUN yarn\n", Trusting), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void Each_stage_points_at_the_certificates_once_before_its_first_step()
    {
        var rewritten = DockerfileRewriter.Rewrite("FROM a\nENV x=1\nRUN b\nRUN c\nFROM d\nCOPY e f\nFROM g\nRUN h", Trusting).Split('\n');
        Assert.Equal(["FROM", "ENV", "ARG", "RUN", "RUN", "FROM", "COPY", "FROM", "ARG", "RUN"], rewritten.Select(l => l.Split(' ')[0]));
    }

    [Fact]
    public void Another_escape_character_is_obeyed() =>
        Assert.Equal(
            $"# escape=`\nFROM x\nRUN {Ca} dir C:\\\nRUN {Ca} a `\n  RUN b\n",
            WithoutArguments(DockerfileRewriter.Rewrite("# escape=`\nFROM x\nRUN dir C:\\\nRUN a `\n  RUN b\n", Trusting)));

    [Theory]
    [InlineData("RUN --mount=type=cache,target=/root/.npm npm ci", "RUN --mount=type=cache,target=/root/.npm,id=p-/root/.npm npm ci")]
    [InlineData("RUN --mount=target=/c,type=cache,sharing=locked,id=apt x", "RUN --mount=target=/c,type=cache,sharing=locked,id=p-apt x")]
    [InlineData("RUN --mount=type=cache,id=${ARCH},dst=/c x", "RUN --mount=type=cache,id=p-${ARCH},dst=/c x")]
    [InlineData("RUN --mount=\"type=cache,target=/c\" x", "RUN --mount=\"type=cache,target=/c,id=p-/c\" x")]
    [InlineData("RUN --mount=type=CACHE,\\\ntarget=/c \\\n --mount=type=cache,id=a,target=/d \\\n x", "RUN --mount=type=CACHE,\\\ntarget=/c,id=p-/c \\\n --mount=type=cache,id=p-a,target=/d \\\n x")]
    [InlineData("RUN --mount=type=cache,destination=$HOME/x y", "RUN --mount=type=cache,destination=$HOME/x,id=p--HOME/x y")]
    [InlineData("RUN --mount=type=secret,id=npm x", "RUN --mount=type=secret,id=npm x")]
    [InlineData("RUN echo --mount=type=cache,id=a", "RUN echo --mount=type=cache,id=a")]
    public void Caches_are_the_projects_own(string step, string expected) =>
        Assert.Equal("FROM x\n" + expected, DockerfileRewriter.Rewrite("FROM x\n" + step, Nothing));

    [Fact]
    public void A_secrets_hash_stands_before_the_first_step_of_a_stage_that_mounts_one()
    {
        const string Dockerfile = "FROM a\nRUN b\nRUN --mount=type=secret,id=env c\nRUN --mount=type=secret,id=env d\nFROM e\nRUN f";
        Assert.Equal(
            "FROM a\nRUN b\nARG SLIPWAY_ENV_HASH=0f\nRUN --mount=type=secret,id=env c\nRUN --mount=type=secret,id=env d\nFROM e\nRUN f",
            DockerfileRewriter.Rewrite(Dockerfile, Nothing with { EnvironmentHash = "0f" }));
    }

    [Fact]
    public void A_step_that_names_the_hash_needs_no_argument()
    {
        const string Dockerfile = "FROM a\nRUN --mount=type=secret,id=slipway-env : env-0f; x";
        Assert.Equal(Dockerfile, DockerfileRewriter.Rewrite(Dockerfile, Nothing with { EnvironmentHash = "0f" }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n# x")]
    [InlineData("RUN")]
    [InlineData("FROM")]
    [InlineData("RUN \\")]
    [InlineData("FROM x\nRUN <<EOF\nno end")]
    [InlineData("\uFEFFFROM x\nRUN 'unclosed")]
    public void What_is_no_Dockerfile_stays_as_it_is(string text) => Assert.Equal(text, DockerfileRewriter.Rewrite(text, Nothing));

    [Fact]
    public void A_prefix_that_would_need_quotes_is_our_bug() =>
        Assert.Throws<ArgumentException>(() => DockerfileRewriter.Rewrite("", Nothing with { CachePrefix = "a,b" }));

    [Theory]
    [InlineData("FROM x\nRUN --mout=a true", "RUN --mout=a true", "--mout", 2, 5)]
    [InlineData("FROM x\nRUN true\n  NONSENSE", "  NONSENSE", "NONSENSE", 3, 3)]
    [InlineData("  NONSENSE\nFROM x", "  NONSENSE", "NONSENSE", 1, 3)]
    public void A_place_in_the_copy_is_told_by_the_persons_own_lines(string original, string line, string word, int expectedLine, int expectedColumn)
    {
        var copy = DockerfileRewriter.Rewrite(original, Trusting with { EnvironmentHash = "abc" });
        var lines = copy.Split('\n');
        var at = Array.FindIndex(lines, l => l.Contains(word, StringComparison.Ordinal));

        Assert.Equal((expectedLine, expectedColumn, line), DockerfileRewriter.InOriginal(copy, at + 1, lines[at].IndexOf(word, StringComparison.Ordinal) + 1));
    }

    private static readonly string[] Pieces =
    [
        "FROM node:22", "FROM x AS y\n", "RUN", "RUN a", " \\\n", "\\", "\n", "\r\n", "# c\n", "<<EOF", "EOF\n", "'", "\"", " --mount=type=cache,target=/c", ",id=", "COPY --from=",
        "ONBUILD RUN x\n", "# escape=`\n", "`\n", "ARG V=1\n", "$V ", "${V", "\t", " ",
    ];

    private static readonly Gen<string> GenDockerfile = Gen.Int[0, Pieces.Length - 1].Array[0, 30].Select(indices => string.Concat(indices.Select(i => Pieces[i])));

    [Fact]
    public void Instructions_are_the_same_after_it_but_for_what_was_added() => GenDockerfile.Sample(text =>
    {
        var before = DockerfileReader.Read(text).Instructions.Select(i => i.Keyword);
        var after = DockerfileReader.Read(DockerfileRewriter.Rewrite(text, Trusting)).Instructions.Where(i => !i.Text.StartsWith("ARG NODE_EXTRA_CA_CERTS", StringComparison.Ordinal)).Select(i => i.Keyword);
        return before.SequenceEqual(after);
    });

    [Fact]
    public void With_nothing_to_add_the_text_is_the_same() => GenDockerfile.Where(t => !t.Contains("type=cache", StringComparison.Ordinal)).Sample(text => DockerfileRewriter.Rewrite(text, Nothing) == text);

    [Fact]
    public void Facts_are_read_from_anything() => GenDockerfile.Sample(text => DockerfileFacts.Read(text) is not null);

    private static string WithoutArguments(string text) => string.Join('\n', text.Split('\n').Where(l => !l.StartsWith("ARG ", StringComparison.Ordinal)));
}

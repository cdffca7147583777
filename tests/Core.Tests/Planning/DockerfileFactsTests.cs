using Slipway.Core.Pipeline.Planning.Dockerfiles;
using static Slipway.Core.Tests.Planning.Sources;

namespace Slipway.Core.Tests.Planning;

public class DockerfileFactsTests
{
    [Theory]
    [InlineData("FROM a\nEXPOSE 80\nFROM b\nEXPOSE 8080/tcp", 8080)]
    [InlineData("FROM a AS base\nEXPOSE 80\nFROM base\n", 80)]
    [InlineData("ARG P=1\nFROM a\nARG P\nENV PORT=$P\nEXPOSE ${PORT}", 1)]
    [InlineData("FROM a\nENV PORT 8000\nEXPOSE $PORT 53/udp", 8000)]
    [InlineData("FROM a\nEXPOSE ${PORT:-5000}", 5000)]
    [InlineData("FROM a\nexpose \"4000\"", 4000)]
    [InlineData("FROM a\nEXPOSE 80 443", 80, 443)]
    [InlineData("FROM a\nEXPOSE 3000-3005 $NOTHING x 70000")]
    public void Ports_are_those_of_the_last_stage(string dockerfile, params int[] ports) => Assert.Equal(ports, DockerfileFacts.Read(dockerfile).Ports);

    [Theory]
    [InlineData("FROM a AS x\nFROM x\nCOPY --from=x a b\nCOPY --from=0 a b\nFROM scratch", "a")]
    [InlineData("ARG V=3\nFROM python:${V}-slim\nCOPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/", "python:3-slim", "ghcr.io/astral-sh/uv:latest")]
    [InlineData("FROM --platform=linux/amd64 a\nFROM a", "a")]
    [InlineData("")]
    public void Images_are_those_from_elsewhere(string dockerfile, params string[] images) => Assert.Equal(images, DockerfileFacts.Read(dockerfile).Images);

    [Theory]
    [InlineData("FROM a\nCOPY x y/ ./\nADD [\"z w\", \"/\"]\nCOPY --from=a q r\nCOPY *.json $V/a ./\nADD https://x/y /z", "x", "y/", "z w", "a")]
    public void Files_are_those_of_the_context(string dockerfile, params string[] files) => Assert.Equal(files, DockerfileFacts.Read(dockerfile).ContextFiles);

    [Theory]
    [InlineData("", 3000, 0)]
    [InlineData("EXPOSE 8080", 8080, 0)]
    [InlineData("EXPOSE 8080 9090", 3000, 1)]
    public void One_exposed_port_is_the_apps(string expose, int port, int warnings)
    {
        var plan = PlanOf(new() { ["Containerfile"] = "FROM x\n" + expose });
        Assert.Equal((port, warnings), (plan.Port, plan.Warnings.Count));
    }
}

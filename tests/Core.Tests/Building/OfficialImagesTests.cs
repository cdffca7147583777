using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Planning;

namespace Slipway.Core.Tests.Building;

public class OfficialImagesTests
{
    [Theory]
    [InlineData("node:22", BaseImageKind.OfficialNode, "22", true)]
    [InlineData("node", BaseImageKind.OfficialNode, "26", true)]
    [InlineData("node:20.11.1-bookworm-slim", BaseImageKind.OfficialNode, "20.11.1", false)]
    [InlineData("node:18-bullseye", BaseImageKind.OfficialNode, "18", true)]
    [InlineData("docker.io/library/node:22-slim", BaseImageKind.OfficialNode, "22", false)]
    [InlineData("public.ecr.aws/docker/library/node:22", BaseImageKind.OfficialNode, "22", true)]
    [InlineData("debian:bookworm-slim", BaseImageKind.Debian, null, false)]
    [InlineData("debian:12", BaseImageKind.Debian, null, false)]
    [InlineData("oven/bun:1", BaseImageKind.OfficialBun, "1", true)]
    [InlineData("mcr.microsoft.com/dotnet/sdk:10.0", BaseImageKind.DotnetSdk, "10.0", true)]
    [InlineData("mcr.microsoft.com/dotnet/aspnet:10.0-bookworm-slim", BaseImageKind.DotnetAspNet, "10.0", false)]
    [InlineData("oven/bun", BaseImageKind.OfficialBun, "*", true)]
    [InlineData("slipway/node:22", BaseImageKind.Debian, null, false)]
    public void What_we_can_stand_in_for_is_known_by_its_name(string image, BaseImageKind kind, string? version, bool forBuild) =>
        Assert.Equal([new(image, kind, version, forBuild)], OfficialImages.NeededBy($"FROM {image} AS x\nRUN npm ci\n"));

    [Theory]
    [InlineData("node:22@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("node:22-windowsservercore")]
    [InlineData("node:22-nonsense-slim")]
    [InlineData("me/node:22")]
    [InlineData("ghcr.io/library/node:22")]
    [InlineData("debian:trixie")]
    [InlineData("debian")]
    [InlineData("nginx:alpine")]
    [InlineData("node:22-alpine")]
    [InlineData("oven/bun:1.2-alpine")]
    [InlineData("mcr.microsoft.com/dotnet/aspnet:10.0-noble")]
    [InlineData("oven/bun:canary")]
    public void Another_image_is_the_builders_to_find(string image) => Assert.Empty(OfficialImages.NeededBy($"FROM {image}\n"));

    [Theory]
    [InlineData("node:22-alpine", "FROM node:22-slim")]
    [InlineData("node:alpine3.20", "FROM node:slim")]
    [InlineData("node:22.1.0@sha256:0123", "FROM node:22.1.0-slim")]
    [InlineData("oven/bun:1.2-distroless", "FROM oven/bun:1.2-slim")]
    [InlineData("debian:trixie", "FROM debian:bookworm-slim")]
    [InlineData("mcr.microsoft.com/dotnet/aspnet:10.0-noble", "FROM mcr.microsoft.com/dotnet/aspnet:10.0")]
    [InlineData("python:3", null)]
    [InlineData("node:22", null)]
    public void A_flavour_that_cannot_be_made_has_one_that_could(string image, string? instead) => Assert.Equal(instead, OfficialImages.Instead(image));

    [Fact]
    public void Stages_and_arguments_are_seen_through() =>
        Assert.Equal(["node:20", "node:20-slim"], OfficialImages.NeededBy("ARG V=20\nFROM node:${V} AS build\nFROM build AS test\nFROM node:$V-slim\nCOPY --from=build /a /a\n").Select(n => n.Name));
}

using Microsoft.Extensions.DependencyInjection;
using Slipway.BuildKit;
using Slipway.Contract.Tests.Engine;
using Slipway.Core.Pipeline.Building;
using Slipway.Testing.Contracts;

namespace Slipway.Contract.Tests.Building;

/// <summary>The builder as the server composes it.</summary>
/// <param name="from">How its Dockerfiles begin: a stage with busybox as /bin/sh.</param>
internal sealed class BuildKitHarness(string from, Func<string> newImageName, Action<BuildKitOptions> configure) : ImageBuilderHarness
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSingleton(TimeProvider.System)
        .AddBuildKit(configure)
        .BuildServiceProvider();

    /// <summary>On this machine's engine, by its own socket.</summary>
    public static BuildKitHarness On(TestEngine engine, string baseImage, string socket = "/var/run/docker.sock") =>
        new($"FROM {baseImage}", engine.NewImageName, options => options.EngineSocket = socket);

    public override IImageBuilder Builder => _services.GetRequiredService<IImageBuilder>();

    /// <summary>A Dockerfile on the busybox base, its steps new to the cache.</summary>
    public string Dockerfile(string lines) => $"{from}\nARG RUN_OF_TESTS={Guid.NewGuid():N}\n{lines}\n";

    public override string DockerfileOf(BuildKind kind) => kind switch
    {
        BuildKind.Prints => Dockerfile("RUN echo hello from the step"),
        BuildKind.Fails => Dockerfile("RUN echo about to fail && exit 7"),
        BuildKind.Hangs => Dockerfile("RUN echo begun && sleep 300"),
        BuildKind.HasNoBase => $"FROM {MissingBase}\nRUN true\n",
        BuildKind.Invalid => "FROM scratch\n\n   NONSENSE here\n",
        BuildKind.HasNoFrontend => $"# syntax={MissingFrontend}\n{Dockerfile("RUN true")}",
        BuildKind.HasNoKnownFrontend => $"# syntax={MissingKnownFrontend}\n{Dockerfile("RUN echo hello from the step")}",
        BuildKind.TakesSecret => Dockerfile("RUN --mount=type=secret,id=word,required=true test -s /run/secrets/word && echo got the word"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public override string NewImageName() => newImageName();

    public override ValueTask DisposeAsync() => _services.DisposeAsync();
}

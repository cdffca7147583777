using Microsoft.Extensions.DependencyInjection;
using Slipway.BuildKit;
using Slipway.Contract.Tests.Engine;
using Slipway.Core.Pipeline.Building;
using Slipway.Testing.Contracts;

namespace Slipway.Contract.Tests.Building;

/// <summary>The builder as the server composes it, on this machine's engine.</summary>
internal sealed class BuildKitHarness(TestEngine engine, string baseImage, string socket = "/var/run/docker.sock") : ImageBuilderHarness
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSingleton(TimeProvider.System)
        .AddBuildKit(options => options.EngineSocket = socket)
        .BuildServiceProvider();

    public override IImageBuilder Builder => _services.GetRequiredService<IImageBuilder>();

    /// <summary>A Dockerfile on the busybox base, its steps new to the cache.</summary>
    public string Dockerfile(string lines) => $"FROM {baseImage}\nARG RUN_OF_TESTS={Guid.NewGuid():N}\n{lines}\n";

    public override string DockerfileOf(BuildKind kind) => kind switch
    {
        BuildKind.Prints => Dockerfile("RUN echo hello from the step"),
        BuildKind.Fails => Dockerfile("RUN echo about to fail && exit 7"),
        BuildKind.Hangs => Dockerfile("RUN echo begun && sleep 300"),
        BuildKind.HasNoBase => $"FROM {MissingBase}\nRUN true\n",
        BuildKind.Invalid => "FROM scratch\nNONSENSE here\n",
        BuildKind.TakesSecret => Dockerfile("RUN --mount=type=secret,id=word,required=true test -s /run/secrets/word && echo got the word"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public override string NewImageName() => engine.NewImageName();

    public override ValueTask DisposeAsync() => _services.DisposeAsync();
}

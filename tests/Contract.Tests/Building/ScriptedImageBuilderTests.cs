using Slipway.Core.Pipeline.Building;
using Slipway.Testing.Contracts;
using Slipway.Testing.InMemory;

namespace Slipway.Contract.Tests.Building;

public sealed class ScriptedImageBuilderTests : ImageBuilderContract
{
    protected override ImageBuilderHarness Harness { get; } = new ScriptedHarness();

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    private sealed class ScriptedHarness : ImageBuilderHarness
    {
        private readonly ScriptedImageBuilder _builder = new();
        private int _images;

        public override IImageBuilder Builder => _builder;

        public override string DockerfileOf(BuildKind kind)
        {
            _builder.Builds[kind.ToString()] = kind switch
            {
                BuildKind.Prints => new("1/1", "hello from the step"),
                BuildKind.Fails => new("1/1", "about to fail") { FailsWith = new("build.step_failed", "it failed", Step: "1/1", ExitCode: 7) },
                BuildKind.Hangs => new("1/1", "begun") { Hangs = true },
                BuildKind.HasNoBase => new("FROM") { FailsWith = new("build.base_unavailable", $"the base image {MissingBase} cannot be had") },
                BuildKind.Invalid => new("Dockerfile") { FailsWith = new("build.dockerfile_invalid", "Dockerfile line 3, column 4: unknown instruction") },
                BuildKind.HasNoFrontend => new("Dockerfile") { FailsWith = new("build.frontend_unavailable", $"the frontend {MissingFrontend} cannot be had") },
                BuildKind.HasNoKnownFrontend => new("1/1", "hello from the step") { Says = $"the frontend {MissingKnownFrontend} cannot be pulled" },
                BuildKind.TakesSecret => new("1/1", "got the word") { NeedsSecret = "word" },
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            return kind.ToString();
        }

        public override string NewImageName() => $"image-{++_images}:test";

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

using Slipway.Core;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Testing.Contracts;
using Slipway.Testing.InMemory;

namespace Contract.Tests.Sourcing;

public sealed class InMemorySourceFetcherTests : SourceFetcherContract
{
    protected override Task<SourceHarness> StartAsync() => Task.FromResult<SourceHarness>(new InMemoryHarness());

    private sealed class InMemoryHarness : SourceHarness
    {
        private readonly InMemorySourceFetcher _fetcher = new();

        public override ISourceFetcher Fetcher => _fetcher;

        public override string Url(string repository) => $"https://example.com/{repository}";

        public override Task<string> CommitAsync(string repository, IReadOnlyDictionary<string, string> files, string message, string branch = "main") =>
            Task.FromResult(_fetcher.Commit(Url(repository), files, message, branch));

        public override Task TagAsync(string repository, string tag, string commit)
        {
            _fetcher.Tag(Url(repository), tag, commit);
            return Task.CompletedTask;
        }

        public override Task RemoveBranchAsync(string repository, string branch)
        {
            _fetcher.RemoveBranch(Url(repository), branch);
            return Task.CompletedTask;
        }

        public override Task<UploadId> UploadAsync(IReadOnlyDictionary<string, string> files)
        {
            var id = new UploadId(Guid.NewGuid());
            _fetcher.Upload(id, files);
            return Task.FromResult(id);
        }

        public override void FallSilent() => _fetcher.IsSilent = true;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

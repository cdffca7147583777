using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Pipeline.Shipping;

namespace Slipway.Testing.Contracts;

/// <summary>What every image registry must do, whatever it is made of.</summary>
public abstract class ImageRegistryContract : IAsyncLifetime
{
    private static readonly string _nowhere = $"sha256:{new string('0', 64)}";

    protected abstract ImageRegistryHarness Harness { get; }

    private IImageRegistry Registry => Harness.Registry;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public abstract ValueTask InitializeAsync();

    private async Task<string> SealedAsync(BuiltImage image) => (await Registry.SealAsync(image, _ => { }, Ct)).Value;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Harness.DisposeAsync();
    }

    [Fact]
    public async Task Sealed_address_holds_the_content_whatever_its_name_means_later()
    {
        var name = Harness.NewName();
        var first = await Harness.BuildAsync(name, 1000);
        var address = await SealedAsync(first);
        Assert.Contains("sha256:", address, StringComparison.Ordinal);
        await Harness.NameAsync(first, Harness.NewName());

        var second = await Harness.BuildAsync(name, 2000);

        Assert.NotEqual(address, await SealedAsync(second));
        Assert.Equal(1000, await Registry.ExposedPortAsync(address, Ct));
    }

    [Fact]
    public async Task Image_that_the_builder_claims_but_the_store_lacks_is_an_exception()
    {
        var claimed = new BuiltImage(Harness.NewName(), _nowhere);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => SealedAsync(claimed));

        Assert.Contains(claimed.Name, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_that_means_another_content_by_now_is_an_exception()
    {
        var built = await Harness.BuildAsync(Harness.NewName());
        await Harness.BuildAsync(built.Name);

        await Assert.ThrowsAsync<InvalidOperationException>(() => SealedAsync(built));
    }

    [Fact]
    public async Task Exposed_port_is_told_when_it_is_exactly_one()
    {
        Assert.Equal(3000, await ExposedAsync(3000));
        Assert.Null(await ExposedAsync());
        Assert.Null(await ExposedAsync(3000, 4000));
        await Assert.ThrowsAsync<ImageMissingException>(() => Registry.ExposedPortAsync(_nowhere, Ct));

        async Task<int?> ExposedAsync(params IReadOnlyList<int> ports) =>
            await Registry.ExposedPortAsync(await SealedAsync(await Harness.BuildAsync(Harness.NewName(), ports)), Ct);
    }

    [Fact]
    public async Task Removed_image_is_gone_with_all_its_names_and_removing_again_is_fine()
    {
        var built = await Harness.BuildAsync(Harness.NewName());
        var second = Harness.NewName();
        await Harness.NameAsync(built, second);
        var address = await SealedAsync(built);

        await Registry.RemoveAsync(address, Ct);
        await Registry.RemoveAsync(address, Ct);

        Assert.False(await Harness.HasAsync(address));
        Assert.False(await Harness.HasAsync(built.Name));
        Assert.False(await Harness.HasAsync(second));
        await Assert.ThrowsAsync<ImageMissingException>(() => Registry.ExposedPortAsync(address, Ct));
    }

    [Fact]
    public async Task What_is_here_is_listed_by_all_its_names_and_strangers_are_not()
    {
        var built = await Harness.BuildAsync(Harness.NewName());
        var second = Harness.NewName();
        await Harness.NameAsync(built, second);
        var foreign = await Harness.BuildAsync(Harness.NewForeignName());

        var listed = await Registry.ListAsync(Ct);

        Assert.Contains(built.Name, listed);
        Assert.Contains(second, listed);
        Assert.DoesNotContain(foreign.Name, listed);
        await Registry.RemoveAsync(built.Digest, Ct);
        Assert.DoesNotContain(built.Name, await Registry.ListAsync(Ct));
    }

    [Fact]
    public async Task Image_that_something_runs_on_stays()
    {
        var built = await Harness.BuildAsync(Harness.NewName());
        var address = await SealedAsync(built);
        await using (await Harness.UseAsync(built))
        {
            Assert.False(await Registry.RemoveAsync(address, Ct));
            Assert.True(await Harness.HasAsync(built.Name));
        }

        Assert.True(await Registry.RemoveAsync(address, Ct));

        Assert.False(await Harness.HasAsync(address));
    }

    [Fact]
    public async Task Image_that_is_nowhere_is_not_fetched_and_said_to_be_missing()
    {
        var revision = new Revision(_nowhere, Harness.NewName(), 3000, new Dictionary<string, string>());
        Assert.Equal("run.image_missing", (await Registry.FetchAsync(revision, _ => { }, Ct))?.Code);
    }

    [Fact]
    public async Task Foreign_name_is_never_removed()
    {
        var built = await Harness.BuildAsync(Harness.NewForeignName());
        await Harness.NameAsync(built, Harness.NewName());

        await Registry.RemoveAsync(built.Digest, Ct);
        await Registry.RemoveAsync(built.Name, Ct);

        Assert.True(await Harness.HasAsync(built.Name));
    }
}

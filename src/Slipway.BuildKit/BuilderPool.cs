using BuildKit.Client;
using Microsoft.Extensions.Options;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline.Building;

namespace Slipway.BuildKit;

/// <summary>All BuildKits that are configured. A build takes the first of its project's order that answers: so it comes back to its own as soon as that does.</summary>
internal sealed class BuilderPool : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Builder> _builders;
    private readonly TimeProvider _time;

    public BuilderPool(IOptions<BuildKitOptions> where, TimeProvider time) : this(where.Value.All.Select(address => new Builder(address, new BuildKitClient(where.Value.ToEndpoint(address), time))), time)
    {
    }

    public BuilderPool(IEnumerable<Builder> builders, TimeProvider time)
    {
        _time = time;
        _builders = builders.ToDictionary(builder => builder.Address, StringComparer.Ordinal);
    }

    public IReadOnlyCollection<Builder> All => _builders.Values;

    /// <param name="project">A key of the project's own.</param>
    /// <exception cref="BuildKitConnectionException">None of several answers; with one alone that is found by the build.</exception>
    public async Task<Builder> ChooseAsync(string project, IBuildOutput output, CancellationToken ct)
    {
        if (_builders.Count == 1) return _builders.Values.First();
        var order = BuilderChoice.Order(project, _builders.Keys);
        var away = new List<string>();
        foreach (var address in order)
        {
            if (await WhyAwayAsync(_builders[address], ct) is { } why)
            {
                away.Add($"{address}: {why}");
                if (address == order[0]) output.Say($"the BuildKit at {address}, where this project's cache is, does not answer ({why}); another builds, and steps may run again that were cached there");
                continue;
            }

            return _builders[address];
        }

        throw new BuildKitConnectionException($"none of the {order.Count} BuildKits of {BuildKitOptions.Section}:Addresses answers: {string.Join("; ", away)}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var builder in _builders.Values) await builder.Client.DisposeAsync();
    }

    /// <summary>Null: it answers.</summary>
    private async Task<string?> WhyAwayAsync(Builder builder, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(Patience, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        try
        {
            await builder.Client.ListWorkersAsync(both.Token).WaitAsync(both.Token);
            return null;
        }
        catch (BuildKitConnectionException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"nothing within {Patience.TotalSeconds:0} s";
        }
    }
}

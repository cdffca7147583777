namespace Slipway.Testing.Contracts;

/// <summary>A hang is a failure that names itself, not a suite that never ends.</summary>
public static class Awaiting
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Patience);

    public static Task Soon(this Task task) => task.WaitAsync(Patience);

    public static async Task<List<T>> CollectAsync<T>(this IAsyncEnumerable<T> items, int atMost = int.MaxValue)
    {
        var list = new List<T>();
        await foreach (var item in items)
        {
            list.Add(item);
            if (list.Count == atMost) break;
        }

        return list;
    }
}

using Slipway.Server.Hosting;
using Slipway.Store;

namespace Slipway.Server.Roles;

/// <summary>Takes a backup whenever the newest is too old, and keeps the last few. One that fails is tried again after a minute, and said.</summary>
internal static class BackupRole
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    public static async Task<int> RunAsync(HomeFolder home)
    {
        var options = Read(HomeSettings.Load(home.Paths));
        using var stop = new CancellationTokenSource();
        using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, Stop);
        using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, Stop);
        try
        {
            while (true) await Task.Delay(await OnceAsync(home, options, TimeProvider.System, stop.Token), TimeProvider.System, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }

        void Stop(System.Runtime.InteropServices.PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>How long nothing is to be done.</summary>
    internal static async Task<TimeSpan> OnceAsync(HomeFolder home, BackupOptions options, TimeProvider time, CancellationToken ct)
    {
        var folder = new BackupFolder(options.Folder);
        var now = time.GetUtcNow();
        if (folder.List() is [var newest, ..] && newest.At + options.Every - now is { Ticks: > 0 } wait) return wait;
        var file = folder.NameFor(now);
        try
        {
            var report = await StoreRole.WithStoreAsync(home, (services, _) => services.GetRequiredService<StoreTransfer>().BackupAsync(file, ct));
            Console.WriteLine($"backup: {file}, {new FileInfo(file).Length} bytes, {report.Tables.Sum(t => t.After)} rows of {report.Database}");
            foreach (var old in folder.RemoveBeyond(options.Keep)) Console.WriteLine($"backup: removed {old}, for {options.Keep} are kept");
            return options.Every;
        }
        catch (Exception e) when (e is StoreStartException or IOException or UnauthorizedAccessException || StoreTrouble.Of(e) is not null)
        {
            Console.Error.WriteLine($"backup: none was taken, it is tried again in {Again.TotalSeconds:0} s: {e.Message}");
            return Again;
        }
    }

    private static BackupOptions Read(IConfiguration settings)
    {
        var options = new BackupOptions();
        settings.GetSection(BackupOptions.Section).Bind(options);
        if (new BackupOptionsValidator().Validate(null, options) is { Failed: true } wrong) throw new SettingsException($"{BackupOptions.Section}: {wrong.FailureMessage}");
        if (!Directory.Exists(options.Folder)) throw new SettingsException($"{BackupOptions.Section}:Folder: there is no {options.Folder}");
        var probe = Path.Combine(options.Folder, $".writable-{Environment.ProcessId}");
        try
        {
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{BackupOptions.Section}:Folder: {options.Folder} may not be written by {ProcessIdentity.Read()}: {e.Message}; give it to this user");
        }

        return options;
    }
}

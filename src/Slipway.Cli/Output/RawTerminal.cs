using System.Runtime.InteropServices;

namespace Slipway.Cli.Output;

/// <summary>
/// The terminal in raw mode: every key goes on as it is, Ctrl-C among them, until Dispose. What <c>termios</c> looks like is the C
/// library's own business; it is kept as bytes.
/// </summary>
internal sealed partial class RawTerminal : IDisposable
{
    private const int Input = 0;
    private const int Now = 0;

    /// <summary>More than any system's.</summary>
    private const int Size = 512;

    private readonly byte[] _before;
    private readonly PosixSignalRegistration _resized;

    private RawTerminal(byte[] before, PosixSignalRegistration resized) => (_before, _resized) = (before, resized);

    /// <summary>Null where it cannot be had: then the command's terminal echoes twice, and works.</summary>
    /// <param name="resized">Called when the window has another size.</param>
    public static RawTerminal? Enter(Func<Task> resized)
    {
        var before = new byte[Size];
        if (Get(Input, before) != 0) return null;
        var raw = (byte[])before.Clone();
        MakeRaw(raw);
        return Set(Input, Now, raw) == 0 ? new RawTerminal(before, PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Tell(resized))) : null;
    }

    public void Dispose()
    {
        _resized.Dispose();
        _ = Set(Input, Now, _before);
    }

    private static async void Tell(Func<Task> resized)
    {
        try
        {
            await resized();
        }
        catch (Exception)
        {
            // The command has ended meanwhile.
        }
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int Get(int file, [Out] byte[] termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int Set(int file, int when, byte[] termios);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw([In, Out] byte[] termios);
}

using System.Text;
using Slipway.Core.BuildLogs;

namespace Slipway.Git;

/// <summary>Lines of a program that a stranger's server has a say in: the rest of a line that is too long is dropped, however long it gets.</summary>
internal static class BoundedLines
{
    public static async Task ReadAsync(StreamReader reader, Action<string> each)
    {
        var buffer = new char[8 * 1024];
        var line = new StringBuilder();
        for (var read = await reader.ReadAsync(buffer); read > 0; read = await reader.ReadAsync(buffer))
        {
            foreach (var c in buffer.AsSpan(0, read))
            {
                if (c is '\n' or '\r') End();
                else if (line.Length < BuildLogLine.MaxLength) line.Append(c);
            }
        }

        End();

        void End()
        {
            if (line.Length > 0) each(line.ToString());
            line.Clear();
        }
    }
}

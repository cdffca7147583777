using System.Text;
using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Variables;

/// <summary>A secret's way in: a file, a pipe, or a prompt that shows nothing.</summary>
internal static class SecretInput
{
    public static string Read(CliContext context, string name, string? file, string? fix = null)
    {
        var value = file is not null ? FromFile(file) : context.Input is { } pipe ? pipe.ReadToEnd() : Ask(context, name);
        // echo and editors end a file with a newline that nobody means.
        if (value.EndsWith("\r\n", StringComparison.Ordinal)) value = value[..^2];
        else if (value.EndsWith('\n')) value = value[..^1];
        return value.Length > 0 ? value : throw CliError.Usage("env.value_empty", $"the value of {name} is empty", "value", fix ?? $"pipe it in, or: slipway env set {name}= --plain for an empty one");
    }

    private static string FromFile(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliError.Usage("env.file_unreadable", $"{file} cannot be read: {e.Message}", "value-file", "give a file that you may read");
        }
    }

    private static string Ask(CliContext context, string name)
    {
        context.Screen.Errors.Write($"Value of {name} (not shown): ");
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar)) typed.Append(key.KeyChar);
        }

        context.Screen.Errors.WriteLine();
        return typed.ToString();
    }
}

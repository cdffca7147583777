using System.CommandLine;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

/// <summary><c>exec --json</c>: a command's whole output.</summary>
internal sealed record ExecDocument(int ExitCode, string Output, string Errors);

internal static class ExecCommand
{
    private const string Shell = "sh";

    public static Verb Create(CliContext context)
    {
        var target = new Argument<string>("target") { HelpName = "PROJECT", Description = "a project's production, or a deployment by id or hash" };
        var command = new Argument<string[]>("command") { HelpName = "COMMAND", Description = "a program of the image and its words, read by no shell (default: sh)", Arity = ArgumentArity.ZeroOrMore };
        var plain = new Option<bool>("--no-terminal", "-T") { Description = "no terminal for it, though this is one" };
        var verb = new Verb(
            "exec", "run a command in the running app's instance", VerbGroup.Look,
            new Example("exec shop -- ls -l", "its exit code is this one's; what follows -- is the command's own"),
            new Example("exec shop", "a shell, where the image has one"),
            new Example("exec 3f9a1c07 -- npm run migrate", "in one deployment, by its hash"),
            new Example("exec shop -- cat < dump.sql", "what comes in goes to it"))
        {
            target, command, plain,
        };
        verb.TakesCommand = true;
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(target), parse.GetValue(command) is { Length: > 0 } words ? words : [Shell], parse.GetValue(plain), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string target, string[] words, bool isPlain, CancellationToken ct)
    {
        var hasTerminal = !isPlain && !context.Screen.IsJson && !Console.IsInputRedirected && !Console.IsOutputRedirected;
        using var server = RunningServer.Connect(context);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await using var session = await server.ExecAsync(target, hasTerminal ? new ExecStart(words, true, Console.WindowWidth, Console.WindowHeight) : new ExecStart(words), ct);
        using var terminal = hasTerminal ? RawTerminal.Enter(() => session.ResizeAsync(Console.WindowWidth, Console.WindowHeight, over.Token)) : null;
        // Whoever types nothing more holds nothing up: it is not waited for.
        _ = Task.Run(() => SendAsync(session, over.Token), CancellationToken.None);
        try
        {
            if (context.Screen.IsJson) return await CollectAsync(context.Screen, session, ct);
            await using var output = Console.OpenStandardOutput();
            await using var errors = Console.OpenStandardError();
            while (await session.ReadAsync(ct) is { } read)
            {
                var to = read.IsError ? errors : output;
                await to.WriteAsync(read.Bytes, ct);
                await to.FlushAsync(ct);
            }

            // What the engine says then is of its own inside; a shell was our word, not the person's.
            if (words is [Shell] && session.ExitCode is 126 or 127) context.Screen.Errors.WriteLine("  hint: the image may have no sh: name a program that it has, slipway exec PROJECT -- PROGRAM");
            return session.ExitCode;
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    private static async Task<int> CollectAsync(Screen screen, ExecSession session, CancellationToken ct)
    {
        using var output = new MemoryStream();
        using var errors = new MemoryStream();
        while (await session.ReadAsync(ct) is { } read) (read.IsError ? errors : output).Write(read.Bytes.Span);
        screen.Document(new ExecDocument(session.ExitCode, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(errors.ToArray())), CliJson.Pretty.ExecDocument);
        return session.ExitCode;
    }

    private static async Task SendAsync(ExecSession session, CancellationToken ct)
    {
        try
        {
            // The console's own stream reads a terminal line by line and echoes: here every byte counts.
            using var handle = new SafeFileHandle(0, ownsHandle: false);
            await using var input = new FileStream(handle, FileAccess.Read, bufferSize: 0);
            var buffer = new byte[16 << 10];
            for (var count = await input.ReadAsync(buffer, ct); count > 0; count = await input.ReadAsync(buffer, ct)) await session.WriteAsync(buffer.AsMemory(0, count), ct);
            await session.EndInputAsync(ct);
        }
        catch (Exception)
        {
            // The command has ended, or its connection: whoever reads its output says so.
        }
    }
}

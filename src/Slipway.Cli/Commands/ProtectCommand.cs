using System.CommandLine;
using System.Security.Cryptography;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Cli.Variables;
using Slipway.Client;

namespace Slipway.Cli.Commands;

internal static class ProtectCommand
{
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public static Verb Create(CliContext context)
    {
        var project = new Argument<string>("project") { HelpName = "PROJECT", Description = "the project's name" };
        var all = new Option<bool>("--all") { Description = "all its hosts ask for the password" };
        var previews = new Option<bool>("--previews") { Description = "previews and branches do, production is open" };
        var stdin = new Option<bool>("--password-stdin") { Description = "take the password from standard input (8 to 200 characters)" };
        var generate = new Option<bool>("--generate") { Description = "make a password and print it, this once" };
        var off = new Option<bool>("--off") { Description = "open all its hosts" };
        var verb = new Verb(
            "protect", "ask visitors of a project for a password", VerbGroup.Change,
            new Example("protect shop", "show it"),
            new Example("protect shop --previews --generate", "previews ask for a password that is made and printed"),
            new Example("protect shop --all --password-stdin < password.txt", "all hosts ask for this one"),
            new Example("protect shop --previews", "the same password, for previews only"),
            new Example("protect shop --off", "everybody may look"))
        {
            project, all, previews, stdin, generate, off,
        };
        verb.SetAction((parse, ct) =>
        {
            var wish = new Wish(parse.GetValue(all), parse.GetValue(previews), parse.GetValue(stdin), parse.GetValue(generate), parse.GetValue(off));
            return RunAsync(context, parse.GetRequiredValue(project), wish, ct);
        });
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string project, Wish wish, CancellationToken ct)
    {
        wish.Check();
        using var server = RunningServer.Connect(context);
        var now = await server.ProtectionAsync(project, ct);
        string? password = null;
        if (wish.IsOff) now = await server.RemoveProtectionAsync(project, ct);
        else if (wish.IsChange)
        {
            // Who only says which hosts keeps the password that there is; where there is none, it is asked for.
            if (wish.Generates) password = RandomNumberGenerator.GetString(Alphabet, 20);
            else if (wish.FromInput || now.Hosts == "none") password = SecretInput.Read(context, "the password", file: null, $"pipe it in, or let one be made: slipway protect {project} --generate");
            now = await server.SetProtectionAsync(project, new SetProtection(wish.Hosts, password), ct);
        }

        context.Screen.Document(wish.Generates ? now with { Password = password } : now, CliJson.Pretty.ProtectionView);
        foreach (var line in Lines(project, now, wish.Generates ? password : null)) context.Screen.Say(line);
        return ExitCode.Done;
    }

    internal static IEnumerable<string> Lines(string project, ProtectionView now, string? made)
    {
        yield return now.Hosts switch
        {
            "none" => $"{project} is open: no host asks for a password",
            "previews" => $"{project} asks for a password at its previews and branches; production is open",
            _ => $"{project} asks for a password at all its hosts",
        };
        if (made is not null) yield return $"password: {made}   (shown this once; it is kept as a hash)";
        if (now.Hosts != "none") yield return "  programs send it by HTTP Basic, with any name: curl -u any:PASSWORD …";
    }

    internal sealed record Wish(bool All, bool Previews, bool FromInput, bool Generates, bool IsOff)
    {
        public bool IsChange => All || Previews || FromInput || Generates;

        public string? Hosts => All ? "all" : Previews ? "previews" : null;

        public void Check()
        {
            if (IsOff && IsChange) throw CliError.Usage("cli.usage", "--off stands alone", "off", "write slipway protect PROJECT --off");
            if (All && Previews) throw CliError.Usage("cli.usage", "--all and --previews were both given", "previews", "give one of them");
            if (FromInput && Generates) throw CliError.Usage("cli.usage", "--password-stdin and --generate were both given", "generate", "give one of them");
        }
    }
}

using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;
using Slipway.Cli.Output;
using Slipway.Cli.Stack;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway stack</c>: Slipway as a stack of services, by a compose file.</summary>
internal static class StackCommand
{
    private const string More = """
        Each service runs as a user of its own that is not root, with limits of memory, CPU and processes; secrets and certificates are
        made at the first start. Everything is in stack/ in the home: compose.yaml, .env with its variables, secrets/, data/, backups/.
        Images that no registry gives are made here from Debian's packages. Settings are those of the home's settings.json.
        """;

    public static Verb Create(CliContext context) => new(
        "stack", "Slipway as a stack of services: PostgreSQL, NATS, registry, workers, edge, Prometheus", VerbGroup.Machine,
        new Example("stack up", "set it up and start it; again after an upgrade or a change"),
        new Example("stack status", "every service, its health and its user"),
        new Example("stack logs server", "what a service said last"),
        new Example("stack down", "stop all services; data stays, apps run on"))
    {
        Up(context), Status(context), Logs(context), Down(context),
    };

    private static Verb Up(CliContext context)
    {
        var domain = new Option<string?>("--base-domain") { HelpName = "DOMAIN", Description = "what URLs end in: {project}.DOMAIN (default: as before, else localhost)" };
        var port = new Option<int?>("--port") { HelpName = "PORT", Description = "the edge's public port (default: as before, else 80, else 8080)" };
        var workers = new Option<int?>("--workers") { HelpName = "N", Description = "how many workers build (default: as before, else 2)" };
        var verb = new Verb(
            "up", "set the stack up and start it", VerbGroup.Machine,
            new Example("stack up", "secrets, images, services; waits until all are healthy"),
            new Example("stack up --base-domain apps.example.com --workers 4", "kept for later, in stack/.env"))
        {
            More = More,
        };
        foreach (var option in (Option[])[domain, port, workers]) verb.Add(option);
        verb.SetAction((parse, ct) => UpAsync(context, Request(parse.GetValue(domain), parse.GetValue(port), parse.GetValue(workers)), ct));
        return verb;
    }

    private static Verb Status(CliContext context)
    {
        var verb = new Verb("status", "every service, its health and its user", VerbGroup.Machine, new Example("stack status", "exit code 3 when one of them is not well"));
        verb.SetAction((_, ct) => StatusAsync(context, ct));
        return verb;
    }

    private static Verb Logs(CliContext context)
    {
        var service = new Argument<string>("service") { HelpName = "SERVICE", Description = "as 'slipway stack status' prints it" };
        var tail = new Option<int>("--tail") { HelpName = "N", Description = "how many lines", DefaultValueFactory = _ => 100 };
        var verb = new Verb("logs", "what a service said last", VerbGroup.Machine, new Example("stack logs worker --tail 20", "of all its containers")) { service, tail };
        verb.SetAction(async (parse, ct) =>
        {
            var ran = await (await Compose.FindAsync(Existing(context), null, ct)).AskAsync(["logs", "--no-color", "--tail", $"{parse.GetValue(tail)}", parse.GetRequiredValue(service)], ct);
            if (ran.ExitCode != 0) throw CliError.Usage("stack.no_service", $"there is no service '{parse.GetRequiredValue(service)}' in the stack", "service", "see: slipway stack status");
            foreach (var line in ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)) context.Screen.Say(line);
            return ExitCode.Done;
        });
        return verb;
    }

    private static Verb Down(CliContext context)
    {
        var verb = new Verb("down", "stop all services; data stays, apps run on", VerbGroup.Machine, new Example("stack down", "workers finish what they build first"));
        verb.SetAction(async (_, ct) =>
        {
            var folder = Existing(context);
            await Progress.RunAsync(context.Screen, context.Time, async progress =>
            {
                progress.Begin("stopping the services (workers finish what they build)");
                await (await Compose.FindAsync(folder, null, ct)).RunAsync(["down", "--remove-orphans", "--volumes"], ct);
                return true;
            });
            context.Screen.Document(new Removed("stack", folder.Root), CliJson.Pretty.Removed);
            context.Screen.Say($"the stack is stopped; its data stays in {folder.Root}, and apps run on. Again: slipway stack up");
            return ExitCode.Done;
        });
        return verb;
    }

    private static async Task<int> UpAsync(CliContext context, StackRequest request, CancellationToken ct)
    {
        var screen = context.Screen;
        var up = await Progress.RunAsync(screen, context.Time, progress => new StackInstallation(context.Home, context.Time, screen).UpAsync(request, progress, ct));
        screen.Document(up, CliJson.Pretty.StackDocument);
        screen.Say("the stack is up");
        Say(screen, up);
        screen.Say("  deploy     slipway deploy   (as on one machine; this home's verbs go to the stack now)");
        return ExitCode.Done;
    }

    private static async Task<int> StatusAsync(CliContext context, CancellationToken ct)
    {
        var folder = Existing(context);
        var environment = StackEnvironment.Read(folder);
        var services = await StackServices.ListAsync(ct);
        var document = new StackDocument(folder.Root, environment["PUBLIC_URL"], environment.Api, services);
        context.Screen.Document(document, CliJson.Pretty.StackDocument);
        Say(context.Screen, document);
        if (services.Count > 0 && services.All(s => s.IsWell)) return ExitCode.Done;
        context.Screen.Errors.WriteLine(services.Count == 0 ? "error: the stack does not run" : $"error: not well: {string.Join(", ", services.Where(s => !s.IsWell).Select(s => s.Container))}");
        context.Screen.Errors.WriteLine(services.Count == 0 ? "  hint: slipway stack up" : "  hint: slipway stack logs SERVICE");
        return ExitCode.Broken;
    }

    private static void Say(Screen screen, StackDocument stack)
    {
        screen.Say($"  dashboard  {stack.Url}   (slipway open lets you in)");
        screen.Say("             open to every address of this machine");
        screen.Say($"  API        {stack.Api}   (this host and the stack's own network)");
        screen.Say($"  folder     {stack.Folder}");
        foreach (var line in Table.Lines(["service", "state", "health", "user", "container"], stack.Services.Select(s => new[] { s.Service, s.State, s.Health, s.User, s.Container }))) screen.Say("  " + line);
    }

    private static StackRequest Request(string? domain, int? port, int? workers)
    {
        if (port is < 1 or > 65535) throw CliError.Usage("cli.usage", $"{port} is no port", "port", "give a number from 1 to 65535");
        if (workers is < 1 or > 64) throw CliError.Usage("cli.usage", $"{workers} workers are not possible", "workers", "give a number from 1 to 64");
        return new StackRequest(domain is null ? null : BaseDomain.Check(domain), port, workers);
    }

    private static StackFolder Existing(CliContext context) => StackFolder.Of(context.Home) is { Exists: true } folder
        ? folder
        : throw CliError.Broken("stack.none", $"there is no stack in {context.Home.Root}", "set one up: slipway stack up");
}

using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Core;

// --json decides where words go before anything is parsed: a mistyped command line is answered in JSON too.
var isJson = args.TakeWhile(a => a != "--").Contains("--json");
var isTerminal = !(isJson ? Console.IsErrorRedirected : Console.IsOutputRedirected) && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
var screen = new Screen(Console.Out, Console.Error, isJson, isTerminal);
// A spinner hides the cursor; whoever leaves by Ctrl-C wants it back.
if (isTerminal) Console.CancelKeyPress += (_, _) => screen.Progress.Write("\u001b[?25h");
return await SlipwayCommand.RunAsync(args, new CliContext(screen, SlipwayHome.FromEnvironment(), TimeProvider.System, Console.IsInputRedirected ? Console.In : null));

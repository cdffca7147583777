// buildkit-bench context [ROUNDS]   this client in a running process against "docker build", alternating, same context and engine
// buildkit-bench log LINES          a RUN that prints so many lines, read to the end: lines a second and this process's peak memory
// Both print lines of a markdown table. BUILDKIT_HOST names the engine (docker:///var/run/docker.sock).
using BuildKit.Bench;
using BuildKit.Client;

var address = Environment.GetEnvironmentVariable("BUILDKIT_HOST") ?? "docker:///var/run/docker.sock";
await using var client = new BuildKitClient(BuildKitEndpoint.Parse(address));
switch (args)
{
    case ["context", .. var rest]:
        await ContextBench.RunAsync(client, rest is [var rounds] ? int.Parse(rounds) : 9);
        return 0;
    case ["log", var lines]:
        await LogBench.RunAsync(client, int.Parse(lines));
        return 0;
    default:
        Console.Error.WriteLine("usage: buildkit-bench context [ROUNDS] | log LINES");
        return 2;
}

// build-folder FOLDER [IMAGE]: builds the Dockerfile in a folder and shows what happens. BUILDKIT_HOST names another BuildKit than
// the Docker Engine's (unix:///path, tcp://host:port, docker:///path). Ctrl-C stops the step that runs.
using System.Security.Cryptography;
using System.Text;
using BuildKit.Client;

if (args.Length is 0 or > 2)
{
    Console.Error.WriteLine("usage: build-folder FOLDER [IMAGE]");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

var folder = new DirectoryContext(args[0]);
var options = new BuildOptions
{
    Context = folder,
    Dockerfile = folder,
    ImageNames = args[1..],
    // Who builds the same folder again sends only what changed. A service with several users keeps one random key for each project.
    SharedKey = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.UserName} {Path.GetFullPath(args[0])}"))),
};

await using var client = new BuildKitClient(BuildKitEndpoint.Parse(Environment.GetEnvironmentVariable("BUILDKIT_HOST") ?? "docker:///var/run/docker.sock"));
var lines = new StepLines();
try
{
    await foreach (var happened in client.SolveAsync(options, stop.Token))
    {
        foreach (var line in lines.Add(happened)) Console.WriteLine($"#{line.Step.Number} {line.Text}");
        switch (happened)
        {
            case StepChanged { Step: { State: BuildStepState.Running } step }:
                Console.WriteLine($"#{step.Number} {step.Name}");
                break;
            case StepChanged { Step: { State: BuildStepState.Cached } step }:
                Console.WriteLine($"#{step.Number} {step.Name}: cached");
                break;
            case StepChanged { Step: { State: BuildStepState.Done, Duration: { } took } step }:
                Console.WriteLine($"#{step.Number} done in {took.TotalSeconds:0.0} s");
                break;
            case BuildWarning warning:
                Console.WriteLine($"warning: {warning.Text}");
                break;
            case BuildCompleted completed:
                Console.WriteLine(completed.Result.Digest);
                break;
        }
    }

    return 0;
}
catch (BuildKitSolveException e)
{
    foreach (var line in lines.Rest()) Console.WriteLine($"#{line.Step.Number} {line.Text}");
    if (e.Location is { } place) Console.Error.WriteLine($"{place}: {place.Text}");
    Console.Error.WriteLine(e.Step is null ? e.Message : $"{e.Step}: {e.Message}");
    return e.ExitCode ?? 1;
}
catch (BuildKitConnectionException e)
{
    Console.Error.WriteLine(e.Message);
    return 3;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("stopped");
    return 130;
}

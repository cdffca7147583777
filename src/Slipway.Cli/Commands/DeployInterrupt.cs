using Slipway.Cli.CommandLine;
using Slipway.Client;

namespace Slipway.Cli.Commands;

/// <summary>Ctrl-C while a deployment runs: the deployment is the server's and goes on; a second one leaves.</summary>
internal sealed class DeployInterrupt : IDisposable
{
    private readonly DeploymentView _deployment;
    private readonly TextWriter _to;
    private int _times;

    public DeployInterrupt(DeploymentView deployment, TextWriter to)
    {
        (_deployment, _to) = (deployment, to);
        Console.CancelKeyPress += OnPress;
    }

    public void Dispose() => Console.CancelKeyPress -= OnPress;

    private void OnPress(object? sender, ConsoleCancelEventArgs press)
    {
        if (Interlocked.Increment(ref _times) > 1) Environment.Exit(ExitCode.Interrupted);
        press.Cancel = true;
        _to.WriteLine();
        _to.WriteLine($"The deployment goes on. Stop it with: slipway cancel {_deployment.Id}   Watch it again with: slipway logs -f {_deployment.Id}");
        _to.WriteLine("Ctrl-C once more leaves.");
    }
}

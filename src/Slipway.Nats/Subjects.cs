namespace Slipway.Nats;

/// <summary>All names on the server; documented for its permissions in docs/production.md.</summary>
internal sealed class Subjects(string prefix)
{
    public string JobStream => $"{prefix}-jobs";

    public string LogStream => $"{prefix}-logs";

    public string ResultStream => $"{prefix}-results";

    public string DeadStream => $"{prefix}-dead";

    /// <summary>A key-value bucket: who holds which job.</summary>
    public string Leases => $"{prefix}-leases";

    public string Jobs => $"{prefix}.jobs.>";

    public string Logs => $"{prefix}.logs.>";

    public string Results => $"{prefix}.results.>";

    public string Dead => $"{prefix}.dead.>";

    public string Claims => $"{prefix}.claims.*";

    public string Job(string id) => $"{prefix}.jobs.{id}";

    public string Log(object deployment) => $"{prefix}.logs.{deployment}";

    public string Result(object deployment) => $"{prefix}.results.{deployment}";

    public string DeadLetter(string id) => $"{prefix}.dead.{id}";

    public string Claim(string verb) => $"{prefix}.claims.{verb}";

    public string Cancel(object deployment) => $"{prefix}.cancel.{deployment}";
}

namespace Slipway.Core.Stack;

/// <summary>
/// Who each service of <c>deploy/compose.yaml</c> runs as: numbers of no user of this host, each with files of its own, so that one
/// that is broken into holds no other's. The file says the same numbers.
/// </summary>
public static class StackUsers
{
    /// <summary>The group of the folder in which the edge's admin socket is: the edge's and the server's.</summary>
    public const int Run = 47420;

    /// <summary>The control plane, and the backups, which read the same database with the same key.</summary>
    public const int Server = 47421;

    public const int Edge = 47422;

    public const int Worker = 47423;

    public const int Postgres = 47424;

    public const int Nats = 47425;

    public const int Registry = 47426;

    public const int Prometheus = 47427;

    public const int Fence = 47428;
}

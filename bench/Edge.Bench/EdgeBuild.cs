namespace Edge.Bench;

/// <summary>The programs and settings that can be the edge.</summary>
internal enum EdgeBuild
{
    /// <summary>slipway-server in the role edge.</summary>
    Server,

    /// <summary>The same with continuations on the sockets' threads, of clients and of apps.</summary>
    Inline,

    /// <summary>slipway-edge, which eng/publish-edge makes.</summary>
    Native,
}

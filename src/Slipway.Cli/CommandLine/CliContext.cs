using Slipway.Cli.Output;
using Slipway.Core;

namespace Slipway.Cli.CommandLine;

/// <summary>What a verb works with.</summary>
/// <param name="Input">stdin, or null when it is a terminal.</param>
internal sealed record CliContext(Screen Screen, SlipwayHome Home, TimeProvider Time, TextReader? Input);

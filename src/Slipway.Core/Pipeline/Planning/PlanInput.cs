using Slipway.Core.Pipeline.Planning.Node;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Core.Pipeline.Planning;

/// <summary>What every provider looks at.</summary>
/// <param name="Root">The app's folder, checked.</param>
/// <param name="Node">Null without a package.json.</param>
internal sealed record PlanInput(ISourceTree Tree, string Root, PlanOptions Options, NodeApp? Node)
{
    public bool FileExists(string name) => Tree.FileExists(SourcePath.Join(Root, name));
}

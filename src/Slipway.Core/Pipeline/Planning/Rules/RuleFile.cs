using System.Text.Json;

namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>A file of rules, its values each with the place they stand at.</summary>
internal sealed class RuleFile : IDisposable
{
    private readonly JsonDocument _document;

    private RuleFile(string name, JsonDocument document) => (Name, _document) = (name, document);

    public string Name { get; }

    public static RuleFile Parse(string name, string text)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException e)
        {
            throw new RuleFaultException(new Failure("plan.rules_unreadable", $"{name} is no JSON: line {e.LineNumber + 1}, character {e.BytePositionInLine + 1}", "mend it there, or remove the file"));
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object) return new RuleFile(name, document);
        document.Dispose();
        throw new RuleFaultException(new Failure("plan.rules_unreadable", $"{name} holds no object", "begin it with { and end it with }"));
    }

    public bool Has(string property) => _document.RootElement.TryGetProperty(property, out _);

    public RuleValue Property(string name) => new(Name, name, _document.RootElement.GetProperty(name));

    public void DemandKnown(IReadOnlyList<string> properties) => new RuleValue(Name, "", _document.RootElement).DemandKnown(properties);

    public void Dispose() => _document.Dispose();
}

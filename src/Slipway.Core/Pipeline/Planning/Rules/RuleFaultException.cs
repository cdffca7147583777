namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>From where a rule is wrong up to <see cref="RuleReader"/>, which makes a <see cref="Failure"/> of it.</summary>
internal sealed class RuleFaultException(Failure failure) : Exception(failure.Message)
{
    public Failure Failure { get; } = failure;
}

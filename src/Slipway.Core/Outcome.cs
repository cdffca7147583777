using System.Diagnostics.CodeAnalysis;

namespace Slipway.Core;

/// <summary>What went wrong through the user's doing, in words for the user.</summary>
/// <param name="Code">Stable, dotted by stage: <c>plan.no_start_command</c>.</param>
/// <param name="Message">One sentence that names the thing.</param>
/// <param name="Hint">What to do about it.</param>
/// <param name="Step">The build step or stage that failed, as the log names it.</param>
/// <param name="ExitCode">The failing program's exit code, where there was one.</param>
public sealed record Failure(string Code, string Message, string? Hint = null, string? Step = null, int? ExitCode = null);

/// <summary>A value, or the user's <see cref="Failure"/>. The platform's faults are exceptions.</summary>
public readonly struct Outcome<T>
{
    private readonly T? _value;

    private Outcome(T? value, Failure? failure) => (_value, Failure) = (value, failure);

    public Failure? Failure { get; }

    public T Value => Failure is null ? _value! : throw new InvalidOperationException($"{Failure.Code}: {Failure.Message}");

    public bool IsFailure([NotNullWhen(true)] out Failure? failure) => (failure = Failure) is not null;

#pragma warning disable CA2225 // the two conversions are the type's whole point
    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Failure failure) => new(default, failure);
#pragma warning restore CA2225
}

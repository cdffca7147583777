using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Slipway.Core;
using Slipway.Core.Deployments;

namespace Slipway.Store.Database;

/// <summary>An id as its text: readable in the database's own shell, and in the order of creation.</summary>
internal sealed class StrongIdColumn<TId>() : ValueConverter<TId, string>(id => StrongId.Format(id), text => StrongId.Parse<TId>(text))
    where TId : struct, IStrongId<TId>;

/// <summary>A moment as UTC ticks: it sorts and compares inside the database.</summary>
internal sealed class MomentColumn() : ValueConverter<DateTimeOffset, long>(at => at.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

internal sealed class StateColumn() : ValueConverter<DeploymentState, string>(state => state.ToWire(), text => Enum.Parse<DeploymentState>(text, true));

internal sealed class TextColumn() : ValueConverter<string, string>(text => StorableText.Of(text), text => text);

internal static class Columns
{
    public static void Convert(ModelConfigurationBuilder configuration)
    {
        configuration.Properties<string>().HaveConversion<TextColumn>();
        configuration.Properties<TeamId>().HaveConversion<StrongIdColumn<TeamId>>();
        configuration.Properties<ProjectId>().HaveConversion<StrongIdColumn<ProjectId>>();
        configuration.Properties<DeploymentId>().HaveConversion<StrongIdColumn<DeploymentId>>();
        configuration.Properties<DateTimeOffset>().HaveConversion<MomentColumn>();
        configuration.Properties<DeploymentState>().HaveConversion<StateColumn>();
    }
}

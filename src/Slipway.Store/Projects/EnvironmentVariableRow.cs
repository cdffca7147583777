using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Slipway.Core;
using Slipway.Core.Projects;
using Slipway.Store.Database;
using Slipway.Store.Encryption;

namespace Slipway.Store.Projects;

internal sealed class EnvironmentVariableRow : ITeamRow
{
    public required ProjectId ProjectId { get; init; }
    public required string Name { get; init; }
    public required EnvironmentTarget Target { get; init; }
    public required TeamId TeamId { get; init; }
    public required EnvironmentPhase Phase { get; init; }
    public required bool IsSecret { get; init; }

    /// <summary>Encrypted, secret or not.</summary>
    public required byte[] Value { get; init; }

    public static void Map(EntityTypeBuilder<EnvironmentVariableRow> row)
    {
        row.HasKey(r => new { r.ProjectId, r.Name, r.Target });
        row.HasOne<ProjectRow>().WithMany().HasForeignKey(r => r.ProjectId).OnDelete(DeleteBehavior.Cascade);
    }

    public static EnvironmentVariableRow From(ProjectRow project, EnvironmentVariable variable, MasterKey key) => new()
    {
        ProjectId = project.Id,
        TeamId = project.TeamId,
        Name = variable.Name,
        Target = variable.Target,
        Phase = variable.Phase,
        IsSecret = variable.IsSecret,
        Value = key.Seal(variable.Value.Reveal(), Identity(project.Id, variable.Name, variable.Target)),
    };

    public EnvironmentVariable ToVariable(MasterKey key) =>
        new(Name, new Secret(key.Open(Value, Identity(ProjectId, Name, Target))), Target, Phase, IsSecret);

    private static string Identity(ProjectId project, string name, EnvironmentTarget target) =>
        $"environment_variables.value:{project}:{(int)target}:{name}";
}

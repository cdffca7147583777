namespace Slipway.Core.Projects;

/// <summary>What a deployment's instance finds where its project keeps data.</summary>
public enum VolumeUse
{
    /// <summary>The project keeps nothing.</summary>
    None,

    /// <summary>Production's data. One deployment at a time.</summary>
    Data,

    /// <summary>A folder of the instance's own, empty at first, gone with it.</summary>
    Own,

    /// <summary>Nothing yet: it serves production, and its data is with the deployment that is to follow it. It must not start before one of them has it for good.</summary>
    Wait,
}

/// <summary>Who has a project's data: what serves production, and during a handover its heir. Pure.</summary>
public static class DataRule
{
    public static VolumeUse UseOf(Project project, DeploymentId deployment)
    {
        if (project.Volumes.Count == 0) return VolumeUse.None;
        if ((project.DataHeir ?? project.Production) == deployment) return VolumeUse.Data;
        return project.Production == deployment ? VolumeUse.Wait : VolumeUse.Own;
    }
}

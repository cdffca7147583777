using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Slipway.Server.Hosting;

/// <summary>Backups that nobody has to think of: <c>--roles backup</c>.</summary>
public sealed class BackupOptions
{
    public const string Section = "Slipway:Backup";

    /// <summary>Where they go; better another disk than the database's.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>How old the newest may get before another is taken.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "31.00:00:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How many stay; older ones are removed once a new one is whole.</summary>
    [Range(1, 10_000)]
    public int Keep { get; set; } = 7;
}

[OptionsValidator]
internal sealed partial class BackupOptionsValidator : IValidateOptions<BackupOptions>;

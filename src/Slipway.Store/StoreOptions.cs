using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Slipway.Core;

namespace Slipway.Store;

/// <summary>Where the embedded store keeps its two files.</summary>
public sealed class StoreOptions
{
    public const string Section = "Slipway:Store";

    /// <summary>The SQLite file; made at first start. Its <c>-wal</c> and <c>-shm</c> companions belong to it: back up all three, or stop the server first.</summary>
    [Required]
    public string DatabasePath { get; set; } = SlipwayHome.FromEnvironment().Database;

    /// <summary>32 random bytes that encrypt secrets at rest, mode 0600; made at first start. Without it the secrets in the database are lost: keep a copy apart from the database's.</summary>
    [Required]
    public string MasterKeyFile { get; set; } = Path.Combine(SlipwayHome.FromEnvironment().Keys, "master.key");
}

[OptionsValidator]
internal sealed partial class StoreOptionsValidator : IValidateOptions<StoreOptions>;

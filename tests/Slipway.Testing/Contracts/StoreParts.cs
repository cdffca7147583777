using Slipway.Core.Access;
using Slipway.Core.Auditing;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Domains;
using Slipway.Core.Projects;
using Slipway.Core.Queueing;
using Slipway.Core.Webhooks;

namespace Slipway.Testing.Contracts;

/// <summary>One store under test, empty when it is handed over. <see cref="Stop"/> ends it and removes its files.</summary>
public sealed record StoreParts(
    IProjectStore Projects,
    IDeploymentStore Deployments,
    IWorkQueue Queue,
    IDeadLetters Letters,
    IBuildLog Log,
    IAccessStore Access,
    IWebhookStore Webhooks,
    IDomainStore Domains,
    IAuditLog Audit,
    Func<ValueTask> Stop);

namespace Slipway.Core.Queueing;

/// <summary>Addresses at which a worker without the control plane's folder gets an upload, each good for one use.</summary>
public interface IUploadLinks
{
    /// <summary>Null when workers have no way to this control plane: <c>Slipway:Api:InternalUrl</c> is not set.</summary>
    string? LinkTo(UploadId upload);
}

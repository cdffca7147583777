using System.Text.Json;
using Docker.DotNet;

namespace Slipway.Docker.Shipping;

/// <summary>The sentence in an engine's refusal.</summary>
internal static class EngineWords
{
    public static string Of(DockerApiException refused)
    {
        try
        {
            using var body = JsonDocument.Parse(refused.ResponseBody ?? "");
            return body.RootElement.GetProperty("message").GetString()?.Trim() ?? refused.Message;
        }
        catch (Exception unread) when (unread is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return refused.Message;
        }
    }
}

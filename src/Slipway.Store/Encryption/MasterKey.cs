using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Slipway.Store.Encryption;

/// <summary>
/// Encrypts what rests in the database: AES-256-GCM, <c>version(1) nonce(12) tag(16) ciphertext</c>.
/// The row's identity goes in as associated data, so that a value copied to another row does not open.
/// </summary>
internal sealed class MasterKey
{
    private const byte Version = 1;
    private const int NonceLength = 12, TagLength = 16, HeaderLength = 1 + NonceLength + TagLength;

    private readonly string _path;
    private readonly Lazy<byte[]> _key;

    public MasterKey(IOptions<StoreOptions> options, ILogger<MasterKey> log)
    {
        _path = options.Value.MasterKeyFile;
        _key = new Lazy<byte[]>(() => MasterKeyFile.Read(_path, log));
    }

    /// <summary>Makes the file when it is not there yet and reads it.</summary>
    /// <param name="isInUse">Something is encrypted already: then a missing file is a loss to be told, not to be papered over with a new key.</param>
    public void Prepare(bool isInUse)
    {
        if (!File.Exists(_path))
        {
            if (isInUse) throw new StoreStartException($"the master key file {_path} is missing, and the database holds secrets encrypted under it: put it back from your copy");
            MasterKeyFile.Create(_path);
        }

        _ = _key.Value;
    }

    public byte[] Seal(string text, string identity)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var sealedValue = new byte[HeaderLength + plain.Length];
        sealedValue[0] = Version;
        var nonce = sealedValue.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key.Value, TagLength);
        aes.Encrypt(nonce, plain, sealedValue.AsSpan(HeaderLength), sealedValue.AsSpan(1 + NonceLength, TagLength), Encoding.UTF8.GetBytes(identity));
        CryptographicOperations.ZeroMemory(plain);
        return sealedValue;
    }

    public string Open(byte[] sealedValue, string identity)
    {
        if (sealedValue.Length < HeaderLength || sealedValue[0] != Version) throw new CryptographicException($"{identity} is not a sealed value");
        var plain = new byte[sealedValue.Length - HeaderLength];
        using var aes = new AesGcm(_key.Value, TagLength);
        try
        {
            aes.Decrypt(sealedValue.AsSpan(1, NonceLength), sealedValue.AsSpan(HeaderLength), sealedValue.AsSpan(1 + NonceLength, TagLength), plain, Encoding.UTF8.GetBytes(identity));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new CryptographicException($"{identity} was not encrypted under the key in {_path}: put that key back from your copy", e);
        }

        return Encoding.UTF8.GetString(plain);
    }
}

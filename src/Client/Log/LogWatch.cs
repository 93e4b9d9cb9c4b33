using System.Security.Cryptography;
using Grpc.Core;
using Verifier.Client.Online;
using Verifier.Client.Output;
using Verifier.Ledger;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Log;

/// <summary>
/// Believes a head only if the key of this log signed it and it adds to the last head that was seen, and then remembers it. Which key that
/// is says <c>--log-key</c>, else what is remembered, else, told aloud, the first one that comes.
/// </summary>
internal sealed class LogWatch(CliContext context, Uri server, string tenant, HeadMemory memory, byte[]? givenKey)
{
    /// <summary>Checks a head against what is remembered, and remembers it if it is newer.</summary>
    /// <exception cref="CommandFailure">It is not signed by the key, rolled back or forked.</exception>
    public async Task CheckAsync(RemoteHead head, V1.LogService.LogServiceClient service, Func<CallOptions> call)
    {
        RememberedHead? seen = memory.Read(server, tenant);
        byte[] key = Key(head, seen);
        if (head.Signed is { } signed)
        {
            CheckSignature(signed, key, seen is not null || givenKey is not null);
        }

        if (seen is not null)
        {
            await CheckHistoryAsync(seen, head, service, call);
        }

        if (head.Size > 0 && (seen is null || head.Size > seen.Size || !key.AsSpan().SequenceEqual(seen.PublicKey)))
        {
            if (seen is null && givenKey is null)
            {
                context.Error.WriteLine($"note: the key {head.Signed!.KeyId} of the log of tenant {SafeText.Of(tenant)} at {server.GetLeftPart(UriPartial.Authority)} is trusted from now on; --log-key FILE names the right one");
            }

            memory.Write(server, tenant, new RememberedHead(key, head.Size, head.Root));
        }
    }

    private byte[] Key(RemoteHead head, RememberedHead? seen) => givenKey ?? seen?.PublicKey ?? head.PublicKey;

    private static void CheckSignature(SignedTreeHead head, byte[] publicKey, bool isKnown)
    {
        using ECDsa key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(publicKey, out int read);
            if (read != publicKey.Length || !LogKeys.IsP256(key))
            {
                throw LogFailures.Invalid("the key of the log is not one on P-256");
            }
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
        {
            throw LogFailures.Invalid("the key of the log cannot be read");
        }

        string? fault = new HeadVerifier([key]).Check(head) switch
        {
            HeadCheck.Valid => null,
            HeadCheck.UnknownKey when isKnown => $"the head of the log is signed by the key {head.KeyId}, and not by {LogKeys.Id(key)}, which is trusted here",
            _ => $"the signature on the head of the log is not that of the key {head.KeyId}",
        };
        if (fault is not null)
        {
            throw new CommandFailure(ExitCode.Refused, fault, "if whoever runs the service has changed the key, --log-key FILE names the new one") { Reason = "LOG_INVALID" };
        }
    }

    private async Task CheckHistoryAsync(RememberedHead seen, RemoteHead head, V1.LogService.LogServiceClient service, Func<CallOptions> call)
    {
        if (head.Size < seen.Size)
        {
            throw LogFailures.RolledBack(seen.Size, head.Size);
        }

        if (head.Size == seen.Size)
        {
            if (head.Root != seen.Root)
            {
                throw LogFailures.Forked(seen.Size);
            }

            return;
        }

        V1.GetConsistencyProofRequest request = new() { Parent = ResourceNames.Parent(tenant), OldSize = seen.Size, NewSize = head.Size };
        V1.ConsistencyProof? proof = (await service.GetConsistencyProofAsync(request, call())).Proof;
        IReadOnlyList<TreeHash> hashes = Hashes(proof?.Hashes ?? []);
        if (!new ConsistencyProof(seen.Size, head.Size, hashes).Verify(seen.Root, head.Root))
        {
            throw LogFailures.Forked(seen.Size);
        }
    }

    public static IReadOnlyList<TreeHash> Hashes(IReadOnlyCollection<Google.Protobuf.ByteString> hashes) => hashes.Count > 64
        ? throw LogFailures.Invalid("a proof of the service is too long")
        : [.. hashes.Select(h => TreeHash.TryRead(h.Span, out TreeHash hash) ? hash : throw LogFailures.Invalid("a proof of the service has a hash of a wrong length"))];
}

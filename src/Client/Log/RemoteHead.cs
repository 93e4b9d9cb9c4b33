using Verifier.Client.Views;
using Verifier.Ledger;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Log;

/// <summary>A head as a service sent it: well formed, but nothing of it is believed yet.</summary>
/// <param name="Size">Number of entries.</param>
/// <param name="Root">Root over them.</param>
/// <param name="Signed">The head with its signature; null for the log without entries, which nobody signs.</param>
/// <param name="PublicKey">The key that came with it, DER SubjectPublicKeyInfo.</param>
internal sealed record RemoteHead(long Size, TreeHash Root, SignedTreeHead? Signed, byte[] PublicKey)
{
    /// <exception cref="CommandFailure">It is not a head of this tenant.</exception>
    public static RemoteHead Read(V1.TreeHead? head, string tenant)
    {
        if (head is null || head.Tenant != tenant || !TreeHash.TryRead(head.Root.Span, out TreeHash root))
        {
            throw LogFailures.Invalid("the service's head of the log is not one of this tenant");
        }

        if (head.Size == 0)
        {
            return root == TreeHashing.Empty ? new RemoteHead(0, root, null, []) : throw LogFailures.Invalid("the log has no entries and a root all the same");
        }

        long milliseconds = ServiceViews.Time(head.Time)?.ToUnixTimeMilliseconds() ?? -1;
        return TreeHead.IsPossible(tenant, head.Size, milliseconds)
            ? new RemoteHead(
                head.Size,
                root,
                new SignedTreeHead(new TreeHead(tenant, head.Size, root, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)), head.KeyId, head.Signature.ToByteArray()),
                head.PublicKey.ToByteArray())
            : throw LogFailures.Invalid("the service's head of the log cannot be read");
    }
}

using Verifier.Ledger;

namespace Verifier.Service.Registry;

/// <summary>
/// SHA-256 over the bytes that something was read from, which is what the log says of it. How a thing is kept is no part of what it is,
/// so two things are equal whatever this says.
/// </summary>
internal readonly struct StoredForm(TreeHash hash) : IEquatable<StoredForm>
{
    public TreeHash Hash { get; } = hash;

    public static StoredForm Of(ReadOnlySpan<byte> stored) => new(LogReplay.Hash(stored));

    public bool Equals(StoredForm other) => true;

    public override bool Equals(object? obj) => obj is StoredForm;

    public override int GetHashCode() => 0;
}

namespace Verifier.Ledger;

/// <summary>What the log says last of a resource.</summary>
/// <param name="LeafIndex">Index of the last entry for it.</param>
/// <param name="AfterHash">SHA-256 of the bytes that it is stored as since then; zero bytes when it is no more.</param>
/// <param name="Exists">False when the last entry removed it.</param>
public readonly record struct ResourceState(long LeafIndex, TreeHash AfterHash, bool Exists);

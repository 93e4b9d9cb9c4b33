namespace Verifier.Ledger;

/// <summary>Rules that an entry must keep with those before it.</summary>
public enum ReplayRule
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>The bytes are an entry.</summary>
    EntryIsReadable,

    /// <summary>The entry is of the tenant whose log it stands in.</summary>
    TenantMatches,

    /// <summary>Time goes back by at most <see cref="LogReplay.ClockTolerance"/>, which is what two writers' clocks may differ by.</summary>
    TimeDoesNotGoBack,

    /// <summary>What the resource was before is what the last entry for it left.</summary>
    BeforeIsLastAfter,

    /// <summary>An entry changes something: the resource, or tombstones.</summary>
    SomethingChanges,

    /// <summary>Only what is revoked can be lifted.</summary>
    LiftedWasRevoked,

    /// <summary>No measurement is revoked and lifted by one entry.</summary>
    NotRevokedAndLifted,
}

/// <summary>Which entry breaks which rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Index">Index of the entry from 0.</param>
/// <param name="Detail">What was seen, in words.</param>
public readonly record struct ReplayFault(ReplayRule Rule, long Index, string Detail)
{
    /// <summary>The fault in one line.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Rule} broken by entry {Index}: {Detail}";
}

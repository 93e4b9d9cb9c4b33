namespace Verifier.Ledger;

/// <summary>Why bytes are not an entry.</summary>
public enum EntryFaultId
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>There are more bytes than an entry may have.</summary>
    TooLong,

    /// <summary>Not JSON, or not the members of an entry in their order.</summary>
    Malformed,

    /// <summary>The format is of a version that is not known.</summary>
    UnknownVersion,

    /// <summary>A member's value is not one that it may have.</summary>
    BadValue,

    /// <summary>The same values would be written differently: white space, escapes, order.</summary>
    NotCanonical,
}

/// <summary>Why bytes are not an entry, and where.</summary>
/// <param name="Id">The kind of fault.</param>
/// <param name="Offset">Offset of the byte near which it was seen.</param>
/// <param name="Rule">What must hold, in words; fixed text, nothing of the input.</param>
public readonly record struct EntryFault(EntryFaultId Id, long Offset, string Rule)
{
    /// <summary>The fault in one line.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Id} at byte {Offset}: {Rule}";
}

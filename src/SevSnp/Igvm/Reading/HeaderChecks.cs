using System.Runtime.CompilerServices;

namespace SevSnp.Igvm.Reading;

/// <summary>Walks the variable headers and hands each to the rules of its type.</summary>
internal static class HeaderChecks
{
    // Compiled at its best from the first call on: a hostile file has two million headers in the first one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool CheckAll(ReadState state)
    {
        FixedHeader header = state.Header;
        HeaderWalker walker = new(state.Bytes.Slice(header.SectionOffset, (int)header.SectionSize), header.SectionOffset);
        int section = 0;
        while (!walker.AtEnd)
        {
            long at = walker.NextOffset;
            if (!state.Holds(state.HeaderCount < state.Limits.MaxHeaders, IgvmFaultId.TooManyHeaders, at, "variable header", (ulong)state.HeaderCount + 1)
                || !state.Holds(walker.TryPeek(out uint type, out uint length), IgvmFaultId.HeaderCut, at, "variable header")
                || !CheckFrame(type, length, at, ref section, state)
                || !state.Holds(walker.MoveNext(), IgvmFaultId.HeaderCut, at, "variable header", length)
                || !state.Holds(!walker.Padding.ContainsAnyExcept((byte)0), IgvmFaultId.PaddingNotZero, walker.Current.BodyOffset + length, "variable header padding")
                || !CheckBody(walker.Current, walker.Body, state))
            {
                return false;
            }

            state.HeaderCount++;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool CheckFrame(uint type, uint length, long at, ref int section, ReadState state)
    {
        uint plain = type & ~IgvmHeader.OptionalBit;
        bool optional = plain != type;
        int expected = HeaderTypes.Length((IgvmHeaderType)plain);
        int own = HeaderTypes.Section(plain);
        bool holds = state.Holds(plain != HeaderTypes.NeverUsed, IgvmFaultId.HeaderTypeReserved, at, "variable header type", type)
            && state.Holds(own != 0, IgvmFaultId.HeaderTypeOutsideRanges, at, "variable header type", type)
            && state.Holds(optional || expected >= 0, IgvmFaultId.HeaderTypeUnknown, at, "variable header type", type)
            && state.Holds(!optional || expected < 0, IgvmFaultId.OptionalBitOnKnownType, at, "variable header type", type)
            && state.Holds(own >= section, IgvmFaultId.SectionOrderBroken, at, "variable header type", type)
            && state.Holds(expected < 0 || length == expected, IgvmFaultId.HeaderLengthWrong, at + 4, "variable header length", length);
        section = own;
        return holds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool CheckBody(IgvmHeader header, ReadOnlySpan<byte> body, ReadState state)
    {
        long at = header.BodyOffset;
        if (header.IsOptional)
        {
            return true;
        }

        return header.Type switch
        {
            IgvmHeaderType.SupportedPlatform => PlatformChecks.Check(PlatformHeader.Read(body), at, state),
            IgvmHeaderType.GuestPolicy => InitializationChecks.CheckPolicy(GuestPolicyHeader.Read(body), at, state),
            IgvmHeaderType.RelocatableRegion => state.Relocations.CheckRegion(RelocatableRegionHeader.Read(body), at, state),
            IgvmHeaderType.PageTableRelocation => state.Relocations.CheckPageTable(PageTableRelocationHeader.Read(body), at, state),
            IgvmHeaderType.CorimDocument => InitializationChecks.CheckCorimDocument(CorimHeader.Read(body), at, state),
            IgvmHeaderType.CorimSignature => InitializationChecks.CheckCorimSignature(CorimHeader.Read(body), at, state),
            IgvmHeaderType.CcaPolicy => InitializationChecks.CheckCcaPolicy(body, at, state),
            IgvmHeaderType.ParameterArea => state.Areas.CheckArea(ParameterAreaHeader.Read(body), at, state),
            IgvmHeaderType.PageData => DirectiveChecks.CheckPage(PageDataHeader.Read(body), at, state),
            IgvmHeaderType.ParameterInsert => state.Areas.CheckInsert(ParameterInsertHeader.Read(body), at, state),
            IgvmHeaderType.VpContext => VpContextChecks.Check(VpContextHeader.Read(body), at, state),
            IgvmHeaderType.RequiredMemory => DirectiveChecks.CheckRequiredMemory(RequiredMemoryHeader.Read(body), at, state),
            IgvmHeaderType.SnpIdBlock => DirectiveChecks.CheckIdBlock(body, at, state),
            IgvmHeaderType.ErrorRange => DirectiveChecks.CheckErrorRange(ErrorRangeHeader.Read(body), at, state),
            IgvmHeaderType.VbsMeasurement => true,
            _ => state.Areas.CheckParameter(header.Type, ParameterHeader.Read(body), at, state),
        };
    }
}

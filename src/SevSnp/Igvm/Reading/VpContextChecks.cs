using System.Buffers.Binary;

namespace SevSnp.Igvm.Reading;

/// <summary>Rules of VP contexts, whose data is of another form for each platform.</summary>
internal static class VpContextChecks
{
    private const int VmsaSize = 4096;
    private const int VmsaTail = 0x670;
    private const int NativeSize = 4096;
    private const int RegisterCountSize = 4;
    private const int RegisterSize = 32;

    public static bool Check(in VpContextHeader context, long at, ReadState state)
    {
        state.VpContextCount++;
        if (!state.Holds(context.Gpa % ReadState.PageSize == 0, IgvmFaultId.GpaUnaligned, at, "VP_CONTEXT.gpa", context.Gpa)
            || !state.Holds(state.VpContextCount <= state.Limits.MaxVpContexts, IgvmFaultId.TooManyVpContexts, at, "VP_CONTEXT", (ulong)state.VpContextCount)
            || !state.Holds(context.Reserved == 0, IgvmFaultId.VpContextReserved, at + 18, "VP_CONTEXT.reserved", context.Reserved))
        {
            return false;
        }

        byte vtl = 0;
        bool holds = state.PlatformOf(context.CompatibilityMask)?.Type switch
        {
            IgvmPlatformType.SevSnp or IgvmPlatformType.SevEs => true,
            IgvmPlatformType.Vsm => CheckVsm(context, at, state, out vtl),
            IgvmPlatformType.Native or IgvmPlatformType.Sev => CheckNative(context, at, state),
            _ => state.Holds(false, IgvmFaultId.VpContextPlatformInvalid, at + 8, "VP_CONTEXT.compatibility_mask", context.CompatibilityMask),
        };

        // Where several platforms share the mask, the context may be launched as a save area although another platform is first.
        return holds && (!IsVmsa(context.CompatibilityMask, state) || CheckVmsa(context, at, state)) && state.Holds(
            state.VpContexts.Add((context.CompatibilityMask, context.VpIndex, vtl)), IgvmFaultId.VpContextTwice, at + 16, "VP_CONTEXT.vp_index", context.VpIndex);
    }

    private static bool IsVmsa(uint mask, ReadState state) =>
        mask == state.MaskOf(IgvmPlatformType.SevSnp) || mask == state.MaskOf(IgvmPlatformType.SevEs);

    private static bool CheckVmsa(in VpContextHeader context, long at, ReadState state)
    {
        if (!HasData(context, at, state)
            || !state.DataHolds(context.FileOffset, VmsaSize, at + 12, "VP_CONTEXT.file_offset")
            || !state.RangeHolds(context.Gpa, VmsaSize, at, "VP_CONTEXT.gpa"))
        {
            return false;
        }

        ReadOnlySpan<byte> tail = state.Bytes.Slice(context.FileOffset + VmsaTail, VmsaSize - VmsaTail);
        int used = tail.IndexOfAnyExcept((byte)0);
        if (!state.Holds(used < 0, IgvmFaultId.VmsaTailNotZero, context.FileOffset + VmsaTail + Math.Max(used, 0), "VMSA", used < 0 ? null : tail[used]))
        {
            return false;
        }

        state.Extents.Add(new Extent(context.Gpa, VmsaSize, context.CompatibilityMask, ExtentKind.Vmsa, at));
        return true;
    }

    private static bool CheckNative(in VpContextHeader context, long at, ReadState state) =>
        HasData(context, at, state)
        && state.DataHolds(context.FileOffset, NativeSize, at + 12, "VP_CONTEXT.file_offset")
        && state.Holds(context.Gpa == 0, IgvmFaultId.VpContextGpaNotZero, at, "VP_CONTEXT.gpa", context.Gpa);

    private static bool CheckVsm(in VpContextHeader context, long at, ReadState state, out byte vtl)
    {
        vtl = 0;
        if (!HasData(context, at, state)
            || !state.Holds(context.FileOffset >= state.Header.DataStart, IgvmFaultId.DataOffsetInHeaders, at + 12, "VP_CONTEXT.file_offset", context.FileOffset)
            || !state.Holds(state.Bytes.Length - context.FileOffset >= RegisterCountSize, IgvmFaultId.VsmContextBeyondFile, at + 12, "VP_CONTEXT.file_offset", context.FileOffset)
            || !state.Holds(context.Gpa == 0, IgvmFaultId.VpContextGpaNotZero, at, "VP_CONTEXT.gpa", context.Gpa)
            || !state.Holds(context.VpIndex == 0, IgvmFaultId.VsmVpIndexNotZero, at + 16, "VP_CONTEXT.vp_index", context.VpIndex))
        {
            return false;
        }

        long first = context.FileOffset + (long)RegisterCountSize;
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(state.Bytes.Slice(context.FileOffset, RegisterCountSize));
        long most = Math.Min((state.Bytes.Length - first) / RegisterSize, state.Limits.MaxVsmRegisters);
        if (!state.Holds(count != 0, IgvmFaultId.VsmRegistersAbsent, context.FileOffset, "VBS_VP_CONTEXT.register_count")
            || !state.Holds(count <= most, IgvmFaultId.VsmRegisterCountTooLarge, context.FileOffset, "VBS_VP_CONTEXT.register_count", count))
        {
            return false;
        }

        ReadOnlySpan<byte> registers = state.Bytes.Slice(first, (int)count * RegisterSize);
        vtl = registers[0];
        for (int i = 0; i < registers.Length; i += RegisterSize)
        {
            if (!state.Holds(registers[i] == vtl, IgvmFaultId.VsmVtlsDiffer, first + i, "VBS_VP_CONTEXT.vtl", registers[i]))
            {
                return false;
            }
        }

        state.Relocations.Satisfy(context.CompatibilityMask, 0, vtl);
        return state.Holds(vtl <= 2, IgvmFaultId.VtlInvalid, first, "VBS_VP_CONTEXT.vtl", vtl);
    }

    private static bool HasData(in VpContextHeader context, long at, ReadState state) =>
        state.Holds(context.FileOffset != 0, IgvmFaultId.VpContextDataAbsent, at + 12, "VP_CONTEXT.file_offset");
}

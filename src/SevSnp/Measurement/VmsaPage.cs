using System.Buffers.Binary;

namespace SevSnp.Measurement;

/// <summary>One vCPU as it starts.</summary>
/// <param name="EntryPoint">Physical address of the first instruction.</param>
/// <param name="IsBoot">True for the boot CPU.</param>
/// <param name="Signature">Signature of the virtual CPU.</param>
/// <param name="Features">SEV_FEATURES.</param>
/// <param name="Fpu">The FPU words.</param>
internal readonly record struct VmsaInputs(uint EntryPoint, bool IsBoot, VcpuSignature Signature, SevFeatures Features, FpuState Fpu);

/// <summary>
/// Writes the save area of a vCPU as a VMM prepares it (AMD64 manual volume 2, VMSA layout): 4096 bytes, little endian, zero except for
/// what stands here. A segment is selector (2), attributes (2), limit (4), base (8).
/// </summary>
internal static class VmsaPage
{
    public const uint BootEntryPoint = 0xFFFF_FFF0;

    private const int Es = 0x00, Cs = 0x10, Ss = 0x20, Ds = 0x30, Fs = 0x40, Gs = 0x50, Gdtr = 0x60, Ldtr = 0x70, Idtr = 0x80, Tr = 0x90;
    private const int Efer = 0xD0, Cr4 = 0x148, Cr0 = 0x158, Dr7 = 0x160, Dr6 = 0x168, Rflags = 0x170, Rip = 0x178;
    private const int Pat = 0x268, Rdx = 0x310, Features = 0x3B0, Xcr0 = 0x3E8, Mxcsr = 0x408, X87Fcw = 0x410;

    private const uint RealModeLimit = 0xFFFF;

    public static void Write(Span<byte> page, VmsaTemplate template, in VmsaInputs inputs)
    {
        page.Clear();
        WriteSegments(page, template, inputs);
        WriteRegisters(page, template, inputs);
        (uint mxcsr, ushort fcw) = inputs.Fpu switch
        {
            FpuState.Reset => (0x1F80u, (ushort)0x37F),
            FpuState.MxcsrOnly => (0x1F80u, (ushort)0),
            _ => (0u, (ushort)0),
        };
        BinaryPrimitives.WriteUInt32LittleEndian(page[Mxcsr..], mxcsr);
        BinaryPrimitives.WriteUInt16LittleEndian(page[X87Fcw..], fcw);
    }

    private static void WriteSegments(Span<byte> page, VmsaTemplate template, in VmsaInputs inputs)
    {
        (ushort selector, ushort attributes, uint limit) = template.Data;
        ushort code = inputs.IsBoot ? template.BootCodeAttributes : template.ApCodeAttributes;
        WriteSegment(page[Es..], selector, attributes, limit);
        WriteSegment(page[Cs..], template.CodeSelector, code, limit, template.IsFlat ? 0 : inputs.EntryPoint & 0xFFFF_0000);
        WriteSegment(page[Ss..], selector, template.StackAttributes, limit);
        WriteSegment(page[Ds..], selector, attributes, limit);
        WriteSegment(page[Fs..], selector, attributes, limit);
        WriteSegment(page[Gs..], 0, 0x93, RealModeLimit);
        WriteSegment(page[Gdtr..], 0, 0, RealModeLimit);
        WriteSegment(page[Ldtr..], 0, 0x82, RealModeLimit);
        WriteSegment(page[Idtr..], 0, 0, RealModeLimit);
        WriteSegment(page[Tr..], 0, template.TaskAttributes, RealModeLimit);
    }

    private static void WriteRegisters(Span<byte> page, VmsaTemplate template, in VmsaInputs inputs)
    {
        WriteUInt64(page, Efer, 0x1000);
        WriteUInt64(page, Cr4, 0x40);
        WriteUInt64(page, Cr0, template.Cr0);
        WriteUInt64(page, Dr7, 0x400);
        WriteUInt64(page, Dr6, 0xFFFF_0FF0);
        WriteUInt64(page, Rflags, 2);
        WriteUInt64(page, Rip, template.IsFlat ? inputs.EntryPoint : inputs.EntryPoint & 0xFFFF);
        WriteUInt64(page, Pat, template.Pat);
        WriteUInt64(page, Rdx, template.Rdx ?? inputs.Signature.Raw);
        WriteUInt64(page, Features, (ulong)inputs.Features);
        WriteUInt64(page, Xcr0, 1);
    }

    private static void WriteSegment(Span<byte> at, ushort selector, ushort attributes, uint limit, ulong start = 0)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(at, selector);
        BinaryPrimitives.WriteUInt16LittleEndian(at[2..], attributes);
        BinaryPrimitives.WriteUInt32LittleEndian(at[4..], limit);
        BinaryPrimitives.WriteUInt64LittleEndian(at[8..], start);
    }

    private static void WriteUInt64(Span<byte> page, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(page[offset..], value);
}

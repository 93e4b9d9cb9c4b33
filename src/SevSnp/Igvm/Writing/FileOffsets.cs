using System.Buffers.Binary;

namespace SevSnp.Igvm.Writing;

/// <summary>Where headers hold offsets into the file, which change when data moves.</summary>
internal static class FileOffsets
{
    /// <summary>Position of the offset in the body of a header; -1 where there is none.</summary>
    public static int Field(IgvmHeaderType type) => type switch
    {
        IgvmHeaderType.PageData or IgvmHeaderType.ParameterArea or IgvmHeaderType.VpContext => 12,
        IgvmHeaderType.CorimDocument or IgvmHeaderType.CorimSignature => 4,
        _ => -1,
    };

    /// <summary>Moves the offset of one header. An offset of 0 says that there is no data, and stays.</summary>
    public static void Move(IgvmHeaderType type, Span<byte> body, uint distance)
    {
        int field = Field(type);
        if (field >= 0 && BinaryPrimitives.ReadUInt32LittleEndian(body[field..]) is not 0 and var offset)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(body[field..], offset + distance);
        }
    }
}

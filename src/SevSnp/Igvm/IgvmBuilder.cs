using System.Buffers.Binary;
using SevSnp.Igvm.Reading;
using SevSnp.Igvm.Writing;

namespace SevSnp.Igvm;

/// <summary>
/// Writes a new IGVM file from headers and data. It judges nothing, so that it can also write what a reader must refuse; whoever wants
/// a good file reads the result. The same memory given twice is stored once.
/// </summary>
public sealed class IgvmBuilder
{
    private readonly int _formatVersion;
    private readonly IgvmArchitecture _architecture;
    private readonly List<(uint Type, byte[] Body, int Data)> _headers = [];
    private readonly List<ReadOnlyMemory<byte>> _data = [];
    private readonly Dictionary<ReadOnlyMemory<byte>, int> _known = [];

    /// <summary>Begins a file.</summary>
    /// <param name="formatVersion">1 or 2.</param>
    /// <param name="architecture">The architecture; only version 2 can tell another than x86-64.</param>
    public IgvmBuilder(int formatVersion = 1, IgvmArchitecture architecture = IgvmArchitecture.X64) =>
        (_formatVersion, _architecture) = (formatVersion, architecture);

    /// <summary>Adds a platform.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="mask">Its bit.</param>
    /// <param name="sharedGpaBoundary">Where shared memory begins, or 0.</param>
    /// <param name="highestVtl">0 or 2.</param>
    /// <returns>This builder.</returns>
    public IgvmBuilder Platform(IgvmPlatformType type, uint mask, ulong sharedGpaBoundary = 0, byte highestVtl = 0) =>
        Header(IgvmHeaderType.SupportedPlatform, new PlatformHeader(mask, highestVtl, (byte)type, 1, sharedGpaBoundary).ToBytes());

    /// <summary>Adds a guest policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="mask">Platforms it is for.</param>
    /// <returns>This builder.</returns>
    public IgvmBuilder Policy(ulong policy, uint mask) => Header(IgvmHeaderType.GuestPolicy, new GuestPolicyHeader(policy, mask, 0).ToBytes());

    /// <summary>Adds a page.</summary>
    /// <param name="gpa">Its address.</param>
    /// <param name="mask">Platforms it is for.</param>
    /// <param name="content">Its content; empty for zeros.</param>
    /// <param name="flags">Bit 0 large, bit 1 unmeasured, bit 2 shared.</param>
    /// <param name="type">What it is for.</param>
    /// <returns>This builder.</returns>
    public IgvmBuilder Page(
        ulong gpa, uint mask, ReadOnlyMemory<byte> content = default, uint flags = 0, IgvmPageDataType type = IgvmPageDataType.Normal) =>
        Header((uint)IgvmHeaderType.PageData, new PageDataHeader(gpa, mask, 0, flags, (ushort)type, 0).ToBytes(), content);

    /// <summary>Declares a parameter area.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="content">Its initial content; empty for zeros.</param>
    /// <returns>This builder.</returns>
    public IgvmBuilder ParameterArea(uint index, ulong bytes, ReadOnlyMemory<byte> content = default) =>
        Header((uint)IgvmHeaderType.ParameterArea, new ParameterAreaHeader(bytes, index, 0).ToBytes(), content);

    /// <summary>Inserts a parameter area.</summary>
    /// <param name="gpa">Where.</param>
    /// <param name="mask">Platforms it is for.</param>
    /// <param name="index">The area.</param>
    /// <returns>This builder.</returns>
    public IgvmBuilder Insert(ulong gpa, uint mask, uint index) =>
        Header(IgvmHeaderType.ParameterInsert, new ParameterInsertHeader(gpa, mask, index).ToBytes());

    /// <summary>Adds the state of a virtual processor.</summary>
    /// <param name="gpa">Where its save area lies.</param>
    /// <param name="mask">The platform.</param>
    /// <param name="content">The state.</param>
    /// <param name="vpIndex">The virtual processor.</param>
    /// <returns>This builder.</returns>
    public IgvmBuilder VpContext(ulong gpa, uint mask, ReadOnlyMemory<byte> content, ushort vpIndex = 0) =>
        Header((uint)IgvmHeaderType.VpContext, new VpContextHeader(gpa, mask, 0, vpIndex, 0).ToBytes(), content);

    /// <summary>Adds a header without data.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="body">The bytes behind type and length.</param>
    /// <returns>This builder.</returns>
    public IgvmBuilder Header(IgvmHeaderType type, ReadOnlySpan<byte> body) => Header((uint)type, body);

    /// <summary>Adds any header; where its type holds an offset into the file, that of the data is filled in.</summary>
    /// <param name="rawType">Its type, with the optional bit where wanted.</param>
    /// <param name="body">The bytes behind type and length.</param>
    /// <param name="data">Its data, if any.</param>
    /// <returns>This builder.</returns>
    public IgvmBuilder Header(uint rawType, ReadOnlySpan<byte> body, ReadOnlyMemory<byte> data = default)
    {
        _headers.Add((rawType, body.ToArray(), data.IsEmpty ? -1 : Store(data)));
        return this;
    }

    /// <summary>Adds data that no header names; a file must have some.</summary>
    /// <param name="data">The data.</param>
    /// <returns>This builder.</returns>
    public IgvmBuilder Data(ReadOnlyMemory<byte> data)
    {
        Store(data);
        return this;
    }

    /// <summary>The file.</summary>
    /// <returns>Its bytes.</returns>
    public byte[] Build()
    {
        int fixedSize = _formatVersion == 2 ? FixedHeader.SizeV2 : FixedHeader.SizeV1;
        int dataStart = fixedSize + (int)_headers.Sum(h => IgvmHeader.PrefixSize + IgvmHeader.PaddedLength(h.Body.Length));
        int[] starts = new int[_data.Count];
        int total = dataStart;
        for (int i = 0; i < starts.Length; i++)
        {
            starts[i] = total;
            total += _data[i].Length;
        }

        byte[] file = new byte[total];
        WriteFixed(file);
        int at = fixedSize;
        foreach ((uint type, byte[] body, int data) in _headers)
        {
            WriteHeader(file.AsSpan(at), type, body, data < 0 ? 0 : (uint)starts[data]);
            at += IgvmHeader.PrefixSize + (int)IgvmHeader.PaddedLength(body.Length);
        }

        for (int i = 0; i < starts.Length; i++)
        {
            _data[i].Span.CopyTo(file.AsSpan(starts[i]));
        }

        FixedHeaderWriter.Finish(file.AsSpan(0, dataStart), fixedSize, fixedSize, (uint)total);
        return file;
    }

    private static void WriteHeader(Span<byte> to, uint type, byte[] body, uint fileOffset)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, type);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], (uint)body.Length);
        Span<byte> copy = to.Slice(IgvmHeader.PrefixSize, body.Length);
        body.CopyTo(copy);
        int field = FileOffsets.Field(new IgvmHeader(type, 0, body.Length).Type);
        if (fileOffset != 0 && field >= 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(copy[field..], fileOffset);
        }
    }

    private void WriteFixed(Span<byte> file)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(file, FixedHeader.MagicValue);
        BinaryPrimitives.WriteUInt32LittleEndian(file[FixedHeader.VersionOffset..], (uint)_formatVersion);
        if (_formatVersion == 2)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file[FixedHeader.ArchitectureOffset..], (uint)_architecture);
            BinaryPrimitives.WriteUInt32LittleEndian(file[FixedHeader.PageSizeOffset..], (uint)ReadState.PageSize);
        }
    }

    private int Store(ReadOnlyMemory<byte> data)
    {
        if (!_known.TryGetValue(data, out int index))
        {
            index = _data.Count;
            _data.Add(data);
            _known.Add(data, index);
        }

        return index;
    }
}

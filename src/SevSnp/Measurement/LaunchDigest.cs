using System.Buffers.Binary;
using System.Security.Cryptography;
using SevSnp.Primitives;

namespace SevSnp.Measurement;

/// <summary>
/// The running launch digest of a guest. Each page adds one PAGE_INFO record of 112 bytes that holds the digest so far, and the new
/// digest is the SHA-384 of that record (SNP firmware ABI, PAGE_INFO). All numbers are little endian. Not safe for use by several
/// threads: contents may be hashed elsewhere and in any order, the chain cannot.
/// </summary>
public sealed class LaunchDigest
{
    /// <summary>Length of a page in bytes.</summary>
    public const int PageSize = 4096;

    private const int ContentsOffset = 0x30;
    private const int LengthOffset = 0x60;
    private const int PageTypeOffset = 0x62;
    private const int PermissionsOffset = 0x64;
    private const int GpaOffset = 0x68;
    private const int RecordSize = 0x70;

    // The record is kept from page to page: its first 48 bytes are the digest so far.
    private readonly byte[] _record = new byte[RecordSize];
    private readonly List<LaunchStep>? _steps;

    /// <summary>Starts a launch digest.</summary>
    /// <param name="keepSteps">Keeps each page as a <see cref="LaunchStep"/>, about 120 bytes per page.</param>
    /// <param name="seed">The digest after pages measured earlier; zero for a launch from its beginning.</param>
    public LaunchDigest(bool keepSteps = false, Digest384 seed = default)
    {
        seed.CopyTo(_record);
        BinaryPrimitives.WriteUInt16LittleEndian(_record.AsSpan(LengthOffset), RecordSize);
        _steps = keepSteps ? [] : null;
    }

    /// <summary>The digest so far.</summary>
    public Digest384 Value => new(_record.AsSpan(0, Digest384.Size));

    /// <summary>The number of pages added.</summary>
    public long PageCount { get; private set; }

    /// <summary>SHA-384 of a page that begins with the given bytes and is zero from there on.</summary>
    /// <param name="page">At most <see cref="PageSize"/> bytes.</param>
    /// <returns>The contents digest.</returns>
    /// <exception cref="ArgumentException">More than one page: a defect of the caller.</exception>
    public static Digest384 HashPage(ReadOnlySpan<byte> page)
    {
        Span<byte> digest = stackalloc byte[Digest384.Size];
        if (page.Length == PageSize)
        {
            SHA384.HashData(page, digest);
            return new Digest384(digest);
        }

        if (page.Length > PageSize)
        {
            throw new ArgumentException($"A page has {PageSize} bytes, not {page.Length}.", nameof(page));
        }

        Span<byte> padded = stackalloc byte[PageSize];
        page.CopyTo(padded);
        padded[page.Length..].Clear();
        SHA384.HashData(padded, digest);
        return new Digest384(digest);
    }

    /// <summary>Adds a page with its bytes; they are hashed only where the type demands it.</summary>
    /// <param name="type">The page type.</param>
    /// <param name="gpa">Guest physical address of the page.</param>
    /// <param name="page">At most <see cref="PageSize"/> bytes; the rest of the page is zero.</param>
    public void AddPage(PageType type, ulong gpa, ReadOnlySpan<byte> page) =>
        Add(type, gpa, type.MeasuresContents() ? HashPage(page) : default);

    /// <summary>Adds a page whose contents digest is known.</summary>
    /// <param name="type">The page type.</param>
    /// <param name="gpa">Guest physical address of the page.</param>
    /// <param name="contents">SHA-384 of the page; zero for types whose contents are not measured.</param>
    /// <param name="permissions">What the lower privilege levels may do with the page.</param>
    public void Add(PageType type, ulong gpa, Digest384 contents = default, VmplPermissions permissions = default)
    {
        Span<byte> record = _record;
        contents.CopyTo(record[ContentsOffset..]);
        record[PageTypeOffset] = (byte)type;
        record[PermissionsOffset + 1] = permissions.Vmpl1;
        record[PermissionsOffset + 2] = permissions.Vmpl2;
        record[PermissionsOffset + 3] = permissions.Vmpl3;
        BinaryPrimitives.WriteUInt64LittleEndian(record[GpaOffset..], gpa);

        Span<byte> digest = stackalloc byte[Digest384.Size];
        SHA384.HashData(record, digest);
        digest.CopyTo(record);
        PageCount++;
        _steps?.Add(new LaunchStep(type, gpa, contents, new Digest384(digest)) { Permissions = permissions });
    }

    /// <summary>The measurement of the pages added so far.</summary>
    /// <returns>A value that later pages do not change.</returns>
    public LaunchMeasurement ToMeasurement() => new(Value, PageCount, _steps is null ? [] : [.. _steps]);
}

using SevSnp.Primitives;

namespace SevSnp.Measurement;

/// <summary>One page of a launch, as it entered the launch digest.</summary>
/// <param name="Type">The page type.</param>
/// <param name="Gpa">Guest physical address of the page in bytes.</param>
/// <param name="Contents">SHA-384 of the 4096 bytes of the page; zero for types whose contents are not measured.</param>
/// <param name="DigestAfter">The launch digest once this page is in it.</param>
public readonly record struct LaunchStep(PageType Type, ulong Gpa, Digest384 Contents, Digest384 DigestAfter)
{
    /// <summary>What the lower privilege levels may do with the page. None in every launch known today.</summary>
    public VmplPermissions Permissions { get; init; }
}

/// <summary>The permissions of the lower privilege levels on a page at launch (SNP firmware ABI, VMPL permission mask), one byte each.</summary>
/// <param name="Vmpl1">Mask of VMPL1.</param>
/// <param name="Vmpl2">Mask of VMPL2.</param>
/// <param name="Vmpl3">Mask of VMPL3.</param>
public readonly record struct VmplPermissions(byte Vmpl1, byte Vmpl2, byte Vmpl3);

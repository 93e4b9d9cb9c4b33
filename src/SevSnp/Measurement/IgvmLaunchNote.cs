namespace SevSnp.Measurement;

/// <summary>What speaks against a digest although it was computed.</summary>
public enum IgvmLaunchNote
{
    /// <summary>No note.</summary>
    None = 0,

    /// <summary>KVM puts save areas at 0xFFFFFFFFF000 only; QEMU refuses this file.</summary>
    VmsaAddressIsNotKvms = 1,

    /// <summary>QEMU on KVM takes the state of one virtual processor only from a file.</summary>
    SeveralVmsas = 2,

    /// <summary>KVM sets CR0 of a new virtual processor to 0x30 or 0x31; with another value in the file the digest will differ.</summary>
    VmsaCr0IsNotKvms = 3,

    /// <summary>The file has pages of 2 MiB, which are measured as 512 small ones here; no hardware has confirmed it.</summary>
    LargePages = 4,
}

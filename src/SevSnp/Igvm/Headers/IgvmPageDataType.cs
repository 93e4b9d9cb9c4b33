namespace SevSnp.Igvm;

/// <summary>What a page is for (IGVM_PAGE_DATA_TYPE).</summary>
public enum IgvmPageDataType
{
    /// <summary>Content of the guest.</summary>
    Normal = 0,

    /// <summary>The page that receives the guest's secrets.</summary>
    Secrets = 1,

    /// <summary>The CPUID page.</summary>
    CpuidData = 2,

    /// <summary>CPUID leaves that depend on the enabled extended features.</summary>
    CpuidXf = 3,
}

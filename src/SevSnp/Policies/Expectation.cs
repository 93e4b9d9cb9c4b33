using SevSnp.Primitives;

namespace SevSnp.Policies;

/// <summary>What a request may state beyond the tenant's policy. A policy can limit requests to some of these.</summary>
public enum Expectation
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>The image of the matching reference value.</summary>
    Image = 1,

    /// <summary>The kinds of launch.</summary>
    Kinds = 2,

    /// <summary>The least report version.</summary>
    MinReportVersion = 3,

    /// <summary>The VMPLs.</summary>
    Vmpls = 4,

    /// <summary>Bits of the guest policy.</summary>
    GuestPolicy = 5,

    /// <summary>Bits of the platform information.</summary>
    PlatformInfo = 6,

    /// <summary>The signer of the ID block.</summary>
    Signer = 7,

    /// <summary>HOST_DATA.</summary>
    HostData = 8,

    /// <summary>TCB floors.</summary>
    TcbFloors = 9,

    /// <summary>The least current and committed firmware.</summary>
    MinFirmware = 10,

    /// <summary>The least current firmware.</summary>
    MinCurrentFirmware = 11,

    /// <summary>Mitigation bits.</summary>
    RequiredMitigations = 12,

    /// <summary>Providers of a VLEK.</summary>
    CspIds = 13,

    /// <summary>Kinds of signing key.</summary>
    SigningKeys = 14,

    /// <summary>Product lines.</summary>
    Products = 15,

    /// <summary>Allowed chips.</summary>
    AllowedChips = 16,

    /// <summary>Denied chips.</summary>
    DeniedChips = 17,
}

/// <summary>The names of expectations, and which of them a request states.</summary>
public static class ExpectationNames
{
    private static readonly Dictionary<Expectation, string> Names =
        Enum.GetValues<Expectation>().Where(e => e != Expectation.None).ToDictionary(e => e, e => UpperSnake.Of(e.ToString()).ToLowerInvariant());

    /// <summary>Every expectation.</summary>
    public static IReadOnlyList<Expectation> All { get; } = [.. Names.Keys.Order()];

    /// <summary>The name in documents and answers, for example <c>host_data</c>.</summary>
    /// <param name="expectation">An expectation.</param>
    /// <returns>The name; <c>none</c> for <see cref="Expectation.None"/>.</returns>
    public static string WireName(this Expectation expectation) => Names.GetValueOrDefault(expectation, "none");

    /// <summary>What a request states beyond the policy. The binding of REPORT_DATA is no expectation: every request has one.</summary>
    /// <param name="expectations">The request's expectations.</param>
    /// <returns>Each that is stated, once.</returns>
    public static IEnumerable<Expectation> Stated(this Expectations expectations)
    {
        ArgumentNullException.ThrowIfNull(expectations);
        Constraints c = expectations.Constraints;
        (bool IsStated, Expectation What)[] all =
        [
            (expectations.Image is not null, Expectation.Image),
            (expectations.Kinds is not null, Expectation.Kinds),
            (c.MinReportVersion is not null, Expectation.MinReportVersion),
            (c.Vmpls is not null, Expectation.Vmpls),
            (c.GuestPolicy is not null, Expectation.GuestPolicy),
            (c.PlatformInfo is not null, Expectation.PlatformInfo),
            (c.Signer is not null, Expectation.Signer),
            (c.HostData is not null, Expectation.HostData),
            (c.TcbFloors.Count > 0, Expectation.TcbFloors),
            (c.MinFirmware is not null, Expectation.MinFirmware),
            (c.MinCurrentFirmware is not null, Expectation.MinCurrentFirmware),
            (c.RequiredMitigations is not null, Expectation.RequiredMitigations),
            (c.CspIds is not null, Expectation.CspIds),
            (c.SigningKeys is not null, Expectation.SigningKeys),
            (c.Products is not null, Expectation.Products),
            (c.AllowedChips is not null, Expectation.AllowedChips),
            (c.DeniedChips is not null, Expectation.DeniedChips),
        ];
        return all.Where(e => e.IsStated).Select(e => e.What);
    }
}

namespace Verifier.Service.Identity.Bearer;

/// <summary>Why a bearer token is not taken, in the order of the checks.</summary>
internal enum TokenFault
{
    /// <summary>Never told.</summary>
    None = 0,

    /// <summary>It is longer than any token that is taken.</summary>
    TooLong,

    /// <summary>It has not the form of a signed token.</summary>
    Malformed,

    /// <summary>It is signed by an algorithm that is not taken at all, or not from this issuer.</summary>
    AlgorithmNotAllowed,

    /// <summary>Its <c>typ</c> says that it is something else.</summary>
    TypeNotAllowed,

    /// <summary>Its header brings a key, or demands what this service does not do.</summary>
    HeaderNotAllowed,

    /// <summary>No issuer of this name is configured.</summary>
    IssuerUnknown,

    /// <summary>Its issuer signs with no such key.</summary>
    KeyUnknown,

    /// <summary>The signature is not of that key.</summary>
    SignatureWrong,

    /// <summary>It was made for another service.</summary>
    AudienceWrong,

    /// <summary>A claim that every token must have is not there or is not of its type.</summary>
    ClaimsIncomplete,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Its time has not begun.</summary>
    NotYetValid,

    /// <summary>It was issued longer ago than is allowed for its issuer.</summary>
    TooOld,
}

namespace Verifier.Service.Identity.Issuers;

/// <summary>What an issuer's tokens look like.</summary>
internal enum IssuerKind
{
    /// <summary>Nothing is known: rules name claims themselves.</summary>
    Other = 0,

    /// <summary>GitHub Actions.</summary>
    GitHub = 1,

    /// <summary>GitLab CI.</summary>
    GitLab = 2,

    /// <summary>Service accounts of a Kubernetes cluster.</summary>
    Kubernetes = 3,
}

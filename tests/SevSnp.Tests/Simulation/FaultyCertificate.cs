using SevSnp.Checks;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

/// <summary>A certificate with one defect, and the check that must refuse it.</summary>
/// <param name="Name">The defect in words.</param>
/// <param name="Check">The check.</param>
/// <param name="Change">Makes the defect; the certificate is signed after it.</param>
internal sealed record FaultyCertificate(string Name, CheckId Check, Func<CertificateRecipe, CertificateRecipe> Change);

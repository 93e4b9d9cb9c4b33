using SevSnp.Measurement;
using SevSnp.Primitives;

namespace Verifier.Service.Registry.Files;

/// <summary>An IGVM file as its registrar describes it: a reference value without measurements, and how the file is launched.</summary>
/// <param name="Value">Where stated, the provenance must be that of the file.</param>
/// <param name="Launches">The launches to register; none means those that can occur.</param>
/// <param name="Asserted">Digests that must be among the computed ones.</param>
internal sealed record IgvmRegistrationDraft(ReferenceValueDraft Value, IReadOnlyList<IgvmLaunch> Launches, IReadOnlyList<Digest384> Asserted);

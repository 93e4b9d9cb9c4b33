using SevSnp.Certificates;
using SevSnp.Judgement;
using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.References;
using SevSnp.Reports;
using SevSnp.Verification;
using Verifier.Client.Input;
using Verifier.Client.Options;

namespace Verifier.Client.Offline;

/// <summary>Judges with the library alone: nothing is fetched, and the expected measurements stand on the command line.</summary>
internal static class OfflineVerifier
{
    /// <summary>Stands for the name of a reference value, where there is no registry.</summary>
    public const string ReferenceName = "--measurement";

    public static AttestationVerdict Verify(
        EvidenceFiles files, IReadOnlyList<Digest384> measurements, TrustRoots roots, AppraisalPolicy policy, Expectations expectations, DateTimeOffset at)
    {
        AttestationReport report = ReportFile.Parse(files.Report);
        CertificateBundle bundle = CertificateFiles.Bundle(files);
        MissingCertificates.Demand(report.SigningKey, bundle, roots);
        Authentication authentication = Authenticator.Authenticate(new Evidence(report, bundle), roots, at);
        return Judge.Decide(authentication, policy, expectations, Records(report.Measurement, measurements), at);
    }

    /// <summary>AMD's roots, and for simulation those of one file.</summary>
    public static TrustRoots Roots(FileInfo? extra)
    {
        if (extra is null)
        {
            return TrustRoots.Amd;
        }

        CertificateBundle bundle = CertificateFiles.Bundle([InputFile.Read(extra, CertificateBundle.MaxSize)]);
        AmdCertificate[] roots = [.. bundle.Certificates.Where(c => c.Role == CertificateRole.Ark)];
        if (roots.Length == 0 || bundle.Faults.Count > 0)
        {
            throw CommandFailure.Usage($"{extra}: not a root certificate (ARK) in AMD's profile", bundle.Faults.Count > 0 ? bundle.Faults[0].ToString() : null);
        }

        try
        {
            return TrustRoots.Amd.WithUnsafeExtra(roots);
        }
        catch (ArgumentException)
        {
            throw CommandFailure.Usage($"{extra}: a root must be signed by itself and not be one of AMD's own, which are trusted anyway");
        }
    }

    // What the user expects plays the registry's part: one reference value, in use, with exactly the measurements that were given.
    public static MeasurementRecords Records(Digest384 measurement, IReadOnlyList<Digest384> expected) => expected.Contains(measurement)
        ? new MeasurementRecords(measurement, null,
        [
            new ReferenceValue
            {
                Name = ReferenceName,
                Image = "launch measurement",
                Version = "as given",
                State = ReferenceState.Active,
                Origin = ReferenceOrigin.Asserted,
                Measurements = [.. expected.Distinct().Select(d => new ReferenceMeasurement(d))],
            },
        ])
        : MeasurementRecords.Empty(measurement);
}

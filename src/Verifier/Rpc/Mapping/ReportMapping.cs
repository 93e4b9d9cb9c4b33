using SevSnp.Launch;
using SevSnp.Reports;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>The fields of a report, to the wire.</summary>
internal static class ReportMapping
{
    public static Proto.SnpReport ToProto(AttestationReport report, ProductLine product, TcbVersions? tcbs)
    {
        Proto.SnpReport result = new()
        {
            Version = report.Version,
            GuestSvn = report.GuestSvn,
            Policy = report.Policy.Raw,
            FamilyId = report.FamilyId.ToProto(),
            ImageId = report.ImageId.ToProto(),
            Vmpl = report.Vmpl,
            PlatformInfo = report.PlatformInfo.Raw,
            SigningKey = report.SigningKey.ToString().ToUpperInvariant(),
            AuthorKeyEnabled = report.AuthorKeyEnabled,
            ChipKeyMasked = report.ChipKeyMasked,
            ReportData = report.ReportData.ToProto(),
            Measurement = report.Measurement.ToProto(),
            HostData = report.HostData.ToProto(),
            IdKeyDigest = report.IdKeyDigest.ToProto(),
            AuthorKeyDigest = report.AuthorKeyDigest.ToProto(),
            ReportId = report.ReportId.ToProto(),
            ReportIdMa = report.ReportIdMa.ToProto(),
            ChipId = report.ChipId.ToProto(),
            Cpu = report.Cpu is { } cpu ? TcbMapping.ToProto(cpu) : null,
            Product = product.ToProto(),
            CurrentTcb = tcbs is { } current ? TcbMapping.ToProto(current.Current) : null,
            ReportedTcb = tcbs is { } reported ? TcbMapping.ToProto(reported.Reported) : null,
            CommittedTcb = tcbs is { } committed ? TcbMapping.ToProto(committed.Committed) : null,
            LaunchTcb = tcbs is { } launch ? TcbMapping.ToProto(launch.Launch) : null,
            CurrentFirmware = TcbMapping.ToProto(report.CurrentFirmware),
            CommittedFirmware = TcbMapping.ToProto(report.CommittedFirmware),
        };
        if (report.LaunchMitigations is { } atLaunch)
        {
            result.LaunchMitigations = atLaunch;
        }

        if (report.CurrentMitigations is { } now)
        {
            result.CurrentMitigations = now;
        }

        return result;
    }
}

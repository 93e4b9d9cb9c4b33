using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SevSnp.Checks;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests.Online;

/// <summary>Answers of a service, good until a test spoils them.</summary>
internal static class Verdicts
{
    public static V1.VerifyResponse Accepted()
    {
        V1.AttestationVerdict verdict = new()
        {
            Outcome = V1.AttestationVerdict.Types.Outcome.Accepted,
            Report = Report(),
            Summary = "Accepted: coconut-svsm 2026.11 at VMPL 0 on Milan.",
            EvidenceId = ByteString.CopyFrom(new byte[48]),
            JudgeTime = Timestamp.FromDateTimeOffset(Cli.Now),
            Policy = "default",
            Reference = new V1.MatchedReference
            {
                Name = "tenants/default/referenceValues/coconut", Image = "coconut-svsm", Version = "2026.11", Kind = V1.LaunchKind.SvsmIgvm, Profile = "qemu-kvm",
            },
            Endorsement = new V1.Endorsement
            {
                Kind = "VCEK", Product = V1.Product.Milan, CertificateSha256 = ByteString.CopyFrom(new byte[32]), PublicKeySha256 = ByteString.CopyFrom(new byte[32]),
                RootSha256 = ByteString.CopyFrom(new byte[32]),
            },
            Bound = new V1.BoundData { Scheme = "nonce", ReportData = ByteString.CopyFrom(new byte[64]) },
        };
        verdict.Checks.AddRange(CheckIds.All().Select(id => new V1.Check { Id = id.WireName(), Status = V1.Check.Types.Status.Passed }));
        verdict.Warnings.Add(new V1.Warning { Id = "NO_TCB_FLOOR", Text = "No least TCB is stated." });
        verdict.NotCovered.Add("Physical attacks.");
        return new V1.VerifyResponse { Verdict = verdict };
    }

    public static V1.VerifyResponse Refused()
    {
        V1.VerifyResponse response = Accepted();
        response.Verdict.Outcome = V1.AttestationVerdict.Types.Outcome.Rejected;
        response.Verdict.Rejection = V1.AttestationVerdict.Types.Rejection.Refused;
        response.Verdict.Summary = "Refused: DEBUG_IS_OFF.";
        response.Verdict.Reference = null;
        V1.Check check = response.Verdict.Checks.Single(c => c.Id == "DEBUG_IS_OFF");
        (check.Status, check.Expected, check.Actual) = (V1.Check.Types.Status.Failed, "debugging forbidden", "guest policy 0xb0000");
        return response;
    }

    private static V1.SnpReport Report() => new()
    {
        Version = 5,
        Policy = 0x30000,
        PlatformInfo = 0x25,
        SigningKey = "VCEK",
        Measurement = ByteString.CopyFrom([.. Enumerable.Repeat((byte)0xAB, 48)]),
        Product = V1.Product.Milan,
        Cpu = new V1.CpuSignature { Family = 0x19, Model = 1, Stepping = 1 },
        ReportedTcb = new V1.TcbVersion { BootLoader = 4, Snp = 24, Microcode = 219 },
        CurrentFirmware = new V1.FirmwareVersion { Major = 1, Minor = 58 },
        CommittedFirmware = new V1.FirmwareVersion { Major = 1, Minor = 58 },
        LaunchMitigations = 0xF,
    };
}

using System.Security.Cryptography;
using Google.Protobuf;
using Verifier.Contracts.V1;
using Verifier.TestKit;
using Verifier.Tests.Rpc;
using ReportDataBinding = SevSnp.Policies.ReportDataBinding;

namespace Verifier.Tests.Tokens;

/// <summary>A guest that negotiated a P-521 key with its SVSM.</summary>
internal static class Keys
{
    private static readonly byte[] Challenge = [.. Enumerable.Repeat((byte)5, 32)];

    public static ECDsa Negotiated { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP521);

    public static VerifyRequest Request()
    {
        ECPoint point = Negotiated.ExportParameters(false).Q;
        Assert.True(ReportDataBinding.TrySvsmNegotiated(Challenge, point.X, point.Y, out ReportDataBinding? binding, out _));
        VerifyRequest request = Requests.Verify(Scenario.Vcek().WithReport(r => r with { ReportData = binding.Expected.Span.ToArray() }));
        request.Binding.SvsmNegotiated = new SvsmNegotiatedBinding
        {
            Challenge = ByteString.CopyFrom(Challenge),
            X = ByteString.CopyFrom(point.X),
            Y = ByteString.CopyFrom(point.Y),
        };
        return request;
    }
}

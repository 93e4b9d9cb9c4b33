using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SevSnp.Crypto;
using Verifier.Contracts.V1;
using Verifier.Service.Pipeline;
using Verifier.Tests.Hosting;
using Verifier.Tests.Rpc;

namespace Verifier.Tests.Pipeline;

public sealed class CryptoEngineTests
{
    private const int Defect = 2000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("BouncyCastle")]
    [InlineData("OpenSsl")]
    public async Task EachEngine_AcceptsAndRefusesAlike(string engine)
    {
        await using TestService service = await TestService.StartAsync([$"--Crypto:Engine={engine}"]);
        await service.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: Cancellation);

        Assert.Equal(AttestationVerdict.Types.Outcome.Accepted, await OutcomeAsync(service, Requests.Verify()));
        VerifyRequest forged = Requests.Verify();
        byte[] report = forged.Evidence.Snp.Report.ToByteArray();
        report[0x90] ^= 1;
        forged.Evidence.Snp.Report = ByteString.CopyFrom(report);
        Assert.Equal(AttestationVerdict.Types.Outcome.Rejected, await OutcomeAsync(service, forged));
    }

    [Fact]
    public async Task TheEngineOfTheSetting_IsTheOneThatIsAsked()
    {
        await using TestService service = await TestService.StartAsync();
        await service.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: Cancellation);
        CryptoOptions options = service.App.Services.GetRequiredService<IOptions<CryptoOptions>>().Value;
        Assert.Equal(SignatureEngine.BouncyCastle, options.Engine);

        // There is no such engine, and nothing else answers in its place.
        options.Engine = (SignatureEngine)7;
        service.ExpectedErrors.Add(Defect);

        await Assert.ThrowsAsync<RpcException>(() => OutcomeAsync(service, Requests.Verify()));
        Assert.Contains(service.Log.Errors, e => e.Exception is ArgumentOutOfRangeException { ParamName: "engine" });
    }

    private static async Task<AttestationVerdict.Types.Outcome> OutcomeAsync(TestService service, VerifyRequest request) =>
        (await service.Verifier.VerifyAsync(request, cancellationToken: Cancellation)).Verdict.Outcome;
}

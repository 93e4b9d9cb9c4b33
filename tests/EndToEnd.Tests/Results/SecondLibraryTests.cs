using Google.Protobuf;
using Microsoft.IdentityModel.Tokens;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Results;

/// <summary>Results of the running service, checked by a library that did not make them.</summary>
public sealed class SecondLibraryTests(Jose jose) : IClassFixture<Jose>
{
    private const string Audience = "https://relying-party.example";
    private static readonly Scenario Guest = Scenario.Vcek();

    [Theory]
    [InlineData(ResultRequest.Types.Profile.Ear2023)]
    [InlineData(ResultRequest.Types.Profile.Ear03)]
    public async Task T65_Result_IsGoodForItsAudience_AndForNoOther(ResultRequest.Types.Profile profile)
    {
        jose.Demand();
        await using RunningService service = await StartAsync();
        string token = await TokenAsync(service, profile);
        DateTimeOffset now = service.Clock.GetUtcNow();

        Assert.Equal([null], await jose.CheckAsync(service.KeysAddress, Audience, now, [token]));
        Assert.Equal(["ERR_JWT_CLAIM_VALIDATION_FAILED"], await jose.CheckAsync(service.KeysAddress, "https://other.example", now, [token]));
        Assert.Equal(["ERR_JWT_EXPIRED"], await jose.CheckAsync(service.KeysAddress, Audience, now.AddSeconds(301), [token]));
        Assert.Equal(["ERR_JWT_CLAIM_VALIDATION_FAILED"], await jose.CheckAsync(service.KeysAddress, Audience, now.AddSeconds(-1), [token]));
    }

    [Fact]
    public async Task T65_OneChangedByte_IsNoticedWhereverItIs()
    {
        jose.Demand();
        await using RunningService service = await StartAsync();
        string[] parts = (await TokenAsync(service)).Split('.');
        List<string> spoilt = [];
        foreach ((int part, int step) in new[] { (0, 3), (1, 23), (2, 1) })
        {
            for (int at = 0; at < Base64UrlEncoder.DecodeBytes(parts[part]).Length; at += step)
            {
                byte[] bytes = Base64UrlEncoder.DecodeBytes(parts[part]);
                bytes[at] ^= 1;
                string[] changed = [.. parts];
                changed[part] = Base64UrlEncoder.Encode(bytes);
                spoilt.Add(string.Join('.', changed));
            }
        }

        // And without its signature, or with that of no algorithm.
        spoilt.Add($"{parts[0]}.{parts[1]}.");
        spoilt.Add($"{Base64UrlEncoder.Encode("""{"alg":"none"}""")}.{parts[1]}.");
        string whole = string.Join('.', parts);

        IReadOnlyList<string?> said = await jose.CheckAsync(service.KeysAddress, Audience, service.Clock.GetUtcNow(), [whole, .. spoilt, whole]);

        Assert.True(spoilt.Count > 120);
        Assert.Equal((null, null), (said[0], said[^1]));
        Assert.DoesNotContain(null, said.Skip(1).SkipLast(1));
    }

    private static Task<RunningService> StartAsync() => RunningService.StartAsync(["--Tokens:Port=0"], Guest.Amd.Roots);

    private static async Task<string> TokenAsync(RunningService service, ResultRequest.Types.Profile profile = default)
    {
        await service.RegisterAsync("guest", Guest.Report.Measurement);
        VerifyRequest request = Requests.Verify(Guest, [.. Guest.Certificates]);
        request.Binding = new ReportDataBinding { Nonce = ByteString.CopyFrom(Guest.Report.ReportData) };
        request.Result = new ResultRequest { Audience = Audience, Profile = profile };
        return (await service.Verifier.VerifyAsync(request, cancellationToken: TestContext.Current.CancellationToken)).ResultToken;
    }
}

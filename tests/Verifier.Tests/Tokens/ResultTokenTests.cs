using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.IdentityModel.Tokens;
using Verifier.Contracts.V1;
using Verifier.Service.Documents;
using Verifier.Service.Identity.Tenants;
using Verifier.Service.Registry;
using Verifier.TestKit;
using Verifier.Tests.Rpc;

namespace Verifier.Tests.Tokens;

/// <summary>T65: a verdict that is copied, kept or made up on its way to the relying party is noticed there.</summary>
public sealed class ResultTokenTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task T65_Token_IsValidForItsAudience()
    {
        await using TokenService service = await TokenService.StartAsync();
        await service.RegisterAsync();

        TokenValidationResult result = await service.ValidateAsync(await service.TokenAsync());

        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal(service.Issuer, result.Issuer);
    }

    [Fact]
    public async Task T65_OtherAudience_IsRefused()
    {
        await using TokenService service = await TokenService.StartAsync();
        string token = await service.TokenAsync();

        Assert.IsType<SecurityTokenInvalidAudienceException>((await service.ValidateAsync(token, p => p.ValidAudience = "https://other.example")).Exception);
        Assert.IsType<SecurityTokenInvalidIssuerException>((await service.ValidateAsync(token, p => p.ValidIssuer = service.Issuer + "/")).Exception);
    }

    [Theory]
    [InlineData(299, true)]
    [InlineData(301, false)]
    [InlineData(-1, false)]
    public async Task T65_Token_LivesForFiveMinutes(int seconds, bool isValid)
    {
        await using TokenService service = await TokenService.StartAsync();
        string token = await service.TokenAsync();

        TokenValidationResult result = await service.ValidateAsync(token, p => p.LifetimeValidator = TokenService.LifetimeAt(VirtualAmd.Now.AddSeconds(seconds)));

        Assert.Equal(isValid, result.IsValid);
    }

    [Fact]
    public async Task Life_IsAsConfigured()
    {
        await using TokenService service = await TokenService.StartAsync("--Tokens:Life=00:00:30");
        JsonElement payload = TokenService.Payload(await service.TokenAsync());

        Assert.Equal(30, payload.GetProperty("exp").GetInt64() - payload.GetProperty("iat").GetInt64());
        Assert.Equal(VirtualAmd.Now.ToUnixTimeSeconds(), payload.GetProperty("iat").GetInt64());
        Assert.Equal(VirtualAmd.Now.ToUnixTimeSeconds(), payload.GetProperty("nbf").GetInt64());
    }

    [Fact]
    public async Task T65_OtherChallenge_IsInTheToken_AndNeverAffirming()
    {
        await using TokenService service = await TokenService.StartAsync();
        await service.RegisterAsync();
        VerifyRequest other = TokenService.Ask();
        other.Binding.Nonce = Requests.Bytes(64);

        string mine = await service.TokenAsync();
        string replayed = await service.TokenAsync(other);

        Assert.Equal(Base64UrlEncoder.Encode(ReportBuilder.DefaultReportData), TokenService.Payload(mine).GetProperty("eat_nonce").GetString());
        Assert.Equal(Base64UrlEncoder.Encode(Requests.Bytes(64).ToByteArray()), TokenService.Payload(replayed).GetProperty("eat_nonce").GetString());
        Assert.Equal("contraindicated", TokenService.Appraisal(replayed).GetProperty("ear.status").GetString());
        Assert.Equal(97, TokenService.Appraisal(replayed).GetProperty("ear.trustworthiness-vector").GetProperty("instance-identity").GetInt32());
    }

    [Fact]
    public async Task T65_StrippedSignature_IsRefused()
    {
        await using TokenService service = await TokenService.StartAsync();
        string[] parts = (await service.TokenAsync()).Split('.');
        string none = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""");

        Assert.False((await service.ValidateAsync($"{parts[0]}.{parts[1]}.")).IsValid);
        Assert.False((await service.ValidateAsync($"{none}.{parts[1]}.")).IsValid);
        Assert.True((await service.ValidateAsync(string.Join('.', parts))).IsValid);
    }

    [Fact]
    public async Task T65_ChangedStatus_IsRefused()
    {
        await using TokenService service = await TokenService.StartAsync();
        string[] parts = (await service.TokenAsync()).Split('.');
        string payload = Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(parts[1]));
        string better = payload.Replace("contraindicated", "affirming", StringComparison.Ordinal);

        Assert.NotEqual(payload, better);
        Assert.False((await service.ValidateAsync($"{parts[0]}.{Base64UrlEncoder.Encode(better)}.{parts[2]}")).IsValid);
    }

    [Fact]
    public async Task TokenIds_AreUnique()
    {
        await using TokenService service = await TokenService.StartAsync();

        Assert.NotEqual(TokenService.Payload(await service.TokenAsync()).GetProperty("jti").GetString(), TokenService.Payload(await service.TokenAsync()).GetProperty("jti").GetString());
    }

    [Fact]
    public async Task RejectedGuest_GetsATokenThatSaysSo()
    {
        await using TokenService service = await TokenService.StartAsync();
        JsonElement appraisal = TokenService.Appraisal(await service.TokenAsync());

        JsonElement verdict = appraisal.GetProperty("ear.veraison.policy-claims");
        Assert.Equal(("rejected", "refused"), (verdict.GetProperty("outcome").GetString(), verdict.GetProperty("rejection").GetString()));
        Assert.Equal(["MEASUREMENT_IS_REGISTERED"], verdict.GetProperty("failed_checks").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(33, appraisal.GetProperty("ear.trustworthiness-vector").GetProperty("executables").GetInt32());
        Assert.Contains(appraisal.GetProperty("ear.status").GetString(), new[] { "warning", "contraindicated" });
        Assert.False(appraisal.GetProperty("ear.veraison.annotated-evidence").TryGetProperty("reference", out _));
    }

    // What an unauthentic report states may be made up by anyone; a signature of ours under it would lend it weight.
    [Fact]
    public async Task UnauthenticEvidence_GetsATokenWithoutAnyOfItsClaims()
    {
        await using TokenService service = await TokenService.StartAsync();
        await service.RegisterAsync();
        VerifyRequest request = TokenService.Ask();
        byte[] report = request.Evidence.Snp.Report.ToByteArray();
        report[0x90 + 7] ^= 1;
        request.Evidence.Snp.Report = ByteString.CopyFrom(report);

        string token = await service.TokenAsync(request);

        JsonElement appraisal = TokenService.Appraisal(token);
        Assert.Equal(
            ["ear.status", "ear.trustworthiness-vector", "ear.appraisal-policy-id", "ear.veraison.policy-claims"],
            appraisal.EnumerateObject().Select(p => p.Name));
        Assert.Equal("contraindicated", appraisal.GetProperty("ear.status").GetString());
        Assert.Equal(Enumerable.Repeat(99, 8), appraisal.GetProperty("ear.trustworthiness-vector").EnumerateObject().Select(p => p.Value.GetInt32()));
        string text = appraisal.GetRawText();
        Assert.DoesNotContain(Convert.ToHexStringLower(report.AsSpan(0x90, 48)), text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(report.AsSpan(0x50, 64)), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChipId_IsToldOnlyWhereItIsWanted()
    {
        string chip = Convert.ToHexStringLower(Scenario.Vcek().Report.ChipId);
        await using TokenService discreet = await TokenService.StartAsync();
        await using TokenService open = await TokenService.StartAsync();
        byte[] settings = SettingsCodec.Encode(new() { IncludeChipId = true });
        await open.Service.Documents.ChangeAsync(
            new DocumentChange("default", DocumentKind.Settings, DocumentIds.Settings, DocumentStep.Put, settings, null, Actor.Named("test"), VirtualAmd.Now), null, Cancellation);

        Assert.DoesNotContain(chip, TokenService.Payload(await discreet.TokenAsync()).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(chip, TokenService.Appraisal(await open.TokenAsync()).GetProperty("ear.veraison.annotated-evidence").GetProperty("chip_id").GetString());
    }

    [Fact]
    public async Task UnboundReport_NeverGetsAToken()
    {
        await using TokenService service = await TokenService.StartAsync();
        await service.Service.ApplyAsync(new() { UnsafeAllowUnboundReport = true });
        await service.RegisterAsync();
        VerifyRequest unbound = Requests.Verify();
        unbound.Binding = null;

        VerifyResponse judged = await service.Service.Verifier.VerifyAsync(unbound, cancellationToken: Cancellation);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await service.Service.Verifier.VerifyAsync(TokenService.Ask(unbound), cancellationToken: Cancellation));

        Assert.Equal((AttestationVerdict.Types.Outcome.Accepted, ""), (judged.Verdict.Outcome, judged.ResultToken));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    [Fact]
    public async Task NoTokenIsMade_WhereNoneIsAskedFor()
    {
        await using TokenService service = await TokenService.StartAsync();

        Assert.Equal("", (await service.Service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation)).ResultToken);
    }

    // The verdict is finished before: asking for a token changes nothing in it.
    [Fact]
    public async Task Verdict_IsTheSameWithAToken()
    {
        await using TokenService service = await TokenService.StartAsync();
        VerifyRequest plain = Requests.Verify();
        VerifyRequest asking = plain.Clone();
        asking.Result = new ResultRequest { Audience = TokenService.Audience };

        Assert.Equal(
            (await service.Service.Verifier.VerifyAsync(plain, cancellationToken: Cancellation)).Verdict,
            (await service.Service.Verifier.VerifyAsync(asking, cancellationToken: Cancellation)).Verdict);
    }
}

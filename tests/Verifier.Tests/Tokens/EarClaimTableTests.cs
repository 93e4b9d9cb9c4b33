using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.IdentityModel.Tokens;
using Verifier.Contracts.V1;
using Verifier.TestKit;
using Verifier.Tests.Rpc;
using Profile = Verifier.Contracts.V1.ResultRequest.Types.Profile;

namespace Verifier.Tests.Tokens;

/// <summary>Tokens of the service against the tables of claims of draft-ietf-rats-ear, for both generations of names.</summary>
public sealed partial class EarClaimTableTests
{
    private const string Texts = "Array";

    // Name in 2023, name in -03, JSON type, mandatory. An empty name: not of that generation.
    private static readonly (string Name2023, string Name03, string Type, bool IsMandatory)[] Top =
    [
        ("eat_profile", "eat_profile", "String", true),
        ("iat", "iat", "Number", true),
        ("exp", "exp", "Number", true),
        ("ear.verifier-id", "ear_verifier_id", "Object", true),
        ("", "ear_status", "String", true),
        ("submods", "submods", "Object", true),
        ("eat_nonce", "eat_nonce", "String", false),
        ("iss", "iss", "String", true),
        ("aud", "aud", "String", true),
        ("nbf", "nbf", "Number", true),
        ("jti", "jti", "String", true),
    ];

    private static readonly (string Name2023, string Name03, string Type, bool IsMandatory)[] Appraisal =
    [
        ("ear.status", "ear_status", "String", true),
        ("ear.trustworthiness-vector", "ear_trustworthiness_vector", "Object", true),
        ("ear.appraisal-policy-id", "", "String", true),
        ("", "ear_appraisal_policy_ids", Texts, true),
        ("ear.veraison.annotated-evidence", "ear_veraison_annotated_evidence", "Object", false),
        ("ear.veraison.policy-claims", "ear_veraison_policy_claims", "Object", true),
        ("ear.veraison.key-attestation", "ear_veraison_key_attestation", "Object", false),
    ];

    private static readonly string[] Tiers = ["none", "affirming", "warning", "contraindicated"];

    private static readonly string[] Claims =
        ["instance-identity", "configuration", "executables", "file-system", "hardware", "runtime-opaque", "storage-opaque", "sourced-data"];

    public static TheoryData<string, Profile> Cases
    {
        get
        {
            TheoryData<string, Profile> cases = [];
            foreach (string guest in (string[])["accepted", "refused", "not-authentic", "key"])
            {
                foreach (Profile profile in Enum.GetValues<Profile>())
                {
                    cases.Add(guest, profile);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Token_HasTheClaimsOfTheTable_AndNoOther(string guest, Profile profile)
    {
        bool is03 = profile == Profile.Ear03;
        JsonElement payload = TokenService.Payload(await TokenOfAsync(guest, profile));
        JsonElement appraisal = Assert.Single(payload.GetProperty("submods").EnumerateObject(), m => m.Name == "cpu0").Value;

        Check(payload, Top, is03);
        Check(appraisal, Appraisal, is03);
        Assert.Equal(is03 ? "tag:ietf.org,2026:rats/ear#03" : "tag:github.com,2023:veraison/ear", payload.GetProperty("eat_profile").GetString());
        Assert.DoesNotContain(is03 ? "\"ear." : "\"ear_", payload.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Values_AreOfTheirKind(string guest, Profile profile)
    {
        bool is03 = profile == Profile.Ear03;
        JsonElement payload = TokenService.Payload(await TokenOfAsync(guest, profile));
        JsonElement appraisal = payload.GetProperty("submods").GetProperty("cpu0");

        // Whole seconds, without a fraction.
        Assert.All((string[])["iat", "nbf", "exp"], name => Assert.Matches("^[0-9]{10}$", payload.GetProperty(name).GetRawText()));
        Assert.InRange(payload.GetProperty("exp").GetInt64() - payload.GetProperty("iat").GetInt64(), 1, 300);
        Assert.InRange(payload.GetProperty("eat_nonce").GetString()!.Length, 12, 88);
        JsonElement verifier = payload.GetProperty(is03 ? "ear_verifier_id" : "ear.verifier-id");
        Assert.Equal(["developer", "build"], verifier.EnumerateObject().Select(p => p.Name));
        Assert.All(verifier.EnumerateObject(), p => Assert.NotEqual("", p.Value.GetString()));

        string status = appraisal.GetProperty(is03 ? "ear_status" : "ear.status").GetString()!;
        Assert.Contains(status, Tiers);
        Assert.Equal(status, is03 ? payload.GetProperty("ear_status").GetString() : status);
        JsonElement vector = appraisal.GetProperty(is03 ? "ear_trustworthiness_vector" : "ear.trustworthiness-vector");
        Assert.NotEmpty(vector.EnumerateObject());
        Assert.All(vector.EnumerateObject(), p => Assert.Contains(p.Name, Claims));
        Assert.Equal(status, Tiers[vector.EnumerateObject().Max(p => Tier(p.Value.GetSByte()))]);
        Assert.Matches(PolicyId(), is03 ? appraisal.GetProperty("ear_appraisal_policy_ids")[0].GetString()! : appraisal.GetProperty("ear.appraisal-policy-id").GetString()!);
    }

    [Fact]
    public async Task AttestedKey_IsASubjectPublicKeyInfo()
    {
        JsonElement appraisal = TokenService.Appraisal(await TokenOfAsync("key", Profile.Ear2023));
        JsonElement attestation = appraisal.GetProperty("ear.veraison.key-attestation");

        Assert.Equal(["akpub"], attestation.EnumerateObject().Select(p => p.Name));
        using System.Security.Cryptography.ECDsa key = System.Security.Cryptography.ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Base64UrlEncoder.DecodeBytes(attestation.GetProperty("akpub").GetString()), out int read);
        Assert.Equal(Keys.Negotiated.ExportSubjectPublicKeyInfo(), key.ExportSubjectPublicKeyInfo());
        Assert.Equal(521, key.KeySize);
        Assert.True(read > 150);
    }

    [Theory]
    [InlineData("accepted")]
    [InlineData("refused")]
    [InlineData("not-authentic")]
    public async Task OnlyABoundKey_IsAttested(string guest) =>
        Assert.False(TokenService.Appraisal(await TokenOfAsync(guest, Profile.Ear2023)).TryGetProperty("ear.veraison.key-attestation", out _));

    [Fact]
    public async Task Evidence_IsWhatTheReportStates()
    {
        JsonElement appraisal = TokenService.Appraisal(await TokenOfAsync("accepted", Profile.Ear2023));
        JsonElement evidence = appraisal.GetProperty("ear.veraison.annotated-evidence");
        ReportBuilder report = Scenario.Vcek().Report;

        Assert.Equal(Convert.ToHexStringLower(ReportBuilder.DefaultMeasurement), evidence.GetProperty("measurement").GetString());
        Assert.Equal(("0x30000", "0x25", 0), (evidence.GetProperty("guest_policy").GetString(), evidence.GetProperty("platform_info").GetString(), evidence.GetProperty("vmpl").GetInt32()));
        Assert.Equal((report.ReportedTcb.Snp, report.CommittedTcb.Microcode), (evidence.GetProperty("reported_tcb").GetProperty("snp").GetByte(), evidence.GetProperty("committed_tcb").GetProperty("microcode").GetByte()));
        Assert.Equal(("nonce", true), (evidence.GetProperty("report_data_scheme").GetString(), evidence.GetProperty("report_data_bound").GetBoolean()));
        Assert.Equal(Convert.ToHexStringLower(ReportBuilder.DefaultReportData), evidence.GetProperty("report_data").GetString());
        Assert.Equal(new string('0', 64), evidence.GetProperty("host_data").GetString());
        Assert.True(evidence.GetProperty("unsafe_extra_root").GetBoolean());
        JsonElement reference = evidence.GetProperty("reference");
        Assert.Equal(
            ("tenants/default/referenceValues/coconut-svsm-2026-11", "coconut-svsm", "2026.11", "svsm-igvm"),
            (reference.GetProperty("name").GetString(), reference.GetProperty("image").GetString(), reference.GetProperty("version").GetString(), reference.GetProperty("kind").GetString()));
        JsonElement verdict = appraisal.GetProperty("ear.veraison.policy-claims");
        Assert.Equal("accepted", verdict.GetProperty("outcome").GetString());
        Assert.Matches("^[0-9a-f]{96}$", verdict.GetProperty("evidence_id").GetString()!);
    }

    [Fact]
    public async Task Header_NamesTheKey_AndNothingElse()
    {
        await using TokenService service = await TokenService.StartAsync();
        JsonElement header = JsonElement.Parse(Base64UrlEncoder.DecodeBytes((await service.TokenAsync()).Split('.')[0]));

        Assert.Equal(["alg", "kid", "typ"], header.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(("ES256", "JWT"), (header.GetProperty("alg").GetString(), header.GetProperty("typ").GetString()));
        Assert.Equal(Assert.Single((await service.KeysAsync()).Keys).Kid, header.GetProperty("kid").GetString());
    }

    private static void Check(JsonElement map, (string Name2023, string Name03, string Type, bool IsMandatory)[] table, bool is03)
    {
        Dictionary<string, (string Type, bool IsMandatory)> rows = table.Select(r => (Name: is03 ? r.Name03 : r.Name2023, r.Type, r.IsMandatory))
            .Where(r => r.Name.Length > 0).ToDictionary(r => r.Name, r => (r.Type, r.IsMandatory));
        Assert.All(map.EnumerateObject(), p => Assert.Equal(rows.GetValueOrDefault(p.Name).Type, p.Value.ValueKind.ToString()));
        Assert.All(rows.Where(r => r.Value.IsMandatory), r => Assert.True(map.TryGetProperty(r.Key, out _), r.Key));
        Assert.Equal(map.EnumerateObject().Count(), map.EnumerateObject().DistinctBy(p => p.Name).Count());
    }

    // AR4SI's ranges, written down a second time.
    private static int Tier(sbyte value) => value switch
    {
        >= -1 and <= 1 => 0,
        (>= 2 and <= 31) or (>= -32 and <= -2) => 1,
        (>= 32 and <= 95) or (>= -96 and <= -33) => 2,
        _ => 3,
    };

    private static async Task<string> TokenOfAsync(string guest, Profile profile)
    {
        await using TokenService service = await TokenService.StartAsync();
        if (guest != "refused")
        {
            await service.RegisterAsync();
        }

        VerifyRequest request = guest == "key" ? Keys.Request() : Requests.Verify();
        if (guest == "not-authentic")
        {
            byte[] report = request.Evidence.Snp.Report.ToByteArray();
            report[0x50] ^= 1;
            request.Evidence.Snp.Report = Google.Protobuf.ByteString.CopyFrom(report);
        }

        return await service.TokenAsync(TokenService.Ask(request, profile));
    }

    [GeneratedRegex("^policies/[a-z0-9-]+(@[0-9]+)?$")]
    private static partial Regex PolicyId();
}

using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Verifier.Contracts.V1;
using Verifier.TestKit;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Rpc;

/// <summary>What to send for each row of docs/errors.md that is about a request's content.</summary>
internal static class ErrorCases
{
    /// <summary>Spoilt questions.</summary>
    public static IReadOnlyDictionary<string, Action<VerifyRequest>> Verify { get; } = new Dictionary<string, Action<VerifyRequest>>
    {
        ["evidence-absent"] = r => r.Evidence = null,
        ["evidence-form-absent"] = r => r.Evidence = new Evidence(),
        ["report-absent"] = r => r.Evidence.Snp.Report = ByteString.Empty,
        ["report-short"] = r => r.Evidence.Snp.Report = ByteString.CopyFrom(r.Evidence.Snp.Report.Span[..^1]),
        ["report-version"] = r => r.Evidence.Snp.Report = Patched(r, 0, 9),
        ["report-reserved"] = r => r.Evidence.Snp.Report = Patched(r, 0x49F, 1),
        ["table-malformed"] = r => r.Evidence.Snp.Table = ByteString.CopyFrom(Scenario.Vcek().Table.Build().AsSpan(0, 30)),
        ["table-empty"] = r => r.Evidence.Snp.Table = ByteString.Empty,
        ["pem-empty"] = r => r.Evidence.Snp.Pem = "",
        ["pem-long"] = r => r.Evidence.Snp.Pem = new string('x', 65537),
        ["certificates-none"] = r => r.Evidence.Snp.Der = new DerCertificates(),
        ["certificates-many"] = r => r.Evidence.Snp.Der = new DerCertificates { Certificates = { Enumerable.Repeat(Requests.Bytes(10), 9) } },
        ["certificate-large"] = r => r.Evidence.Snp.Der = new DerCertificates { Certificates = { Requests.Bytes(8193) } },
        ["lists-many"] = r => r.Evidence.Snp.RevocationLists.Add(Enumerable.Repeat(Requests.Bytes(10), 5)),
        ["list-empty"] = r => r.Evidence.Snp.RevocationLists.Add(ByteString.Empty),
        ["tenant-format"] = r => r.Tenant = "Default",
        ["tenant-unknown"] = r => r.Tenant = "another",
        ["binding-absent"] = r => r.Binding = null,
        ["binding-scheme-absent"] = r => r.Binding = new ReportDataBinding(),
        ["binding-nonce-short"] = r => r.Binding.Nonce = Requests.Bytes(63),
        ["binding-data-empty"] = r => r.Binding.ReportData = ByteString.Empty,
        ["binding-manifest-empty"] = r => r.Binding.SvsmManifest = new SvsmManifestBinding { Nonce = Requests.Bytes(64) },
        ["binding-coordinate"] = r => r.Binding.SvsmNegotiated = new SvsmNegotiatedBinding { Challenge = Requests.Bytes(32), X = Requests.Bytes(65), Y = Requests.Bytes(66) },
        ["binding-parts-none"] = r => r.Binding.Sha512 = new Sha512Binding(),
        ["binding-parts-variable"] = r => r.Binding.Sha512 = new Sha512Binding { Parts = { new Sha512Binding.Types.Part(), new Sha512Binding.Types.Part() } },
        ["binding-part-length"] = r => r.Binding.Sha512 = new Sha512Binding { Parts = { new Sha512Binding.Types.Part { Value = Requests.Bytes(2), FixedLength = 3 } } },
        ["binding-challenge-short"] = r => r.Binding.Challenge = new ChallengeBinding { Challenge = Requests.Bytes(63) },
        ["binding-challenge-manifest"] = r => r.Binding.Challenge = new ChallengeBinding { Challenge = Requests.Bytes(64), SvsmManifest = ByteString.Empty },
        ["binding-challenge-coordinate"] = r => r.Binding.Challenge = new ChallengeBinding { Challenge = Requests.Bytes(64), SvsmNegotiated = new() { X = Requests.Bytes(66) } },
        ["binding-challenge-parts"] = r => r.Binding.Challenge = new ChallengeBinding { Challenge = Requests.Bytes(64), Sha512 = Parts(16) },
        ["host-data-empty"] = r => Constraints(r).HostData = ByteString.Empty,
        ["kind-unknown"] = r => Expectations(r).Kinds.Add((LaunchKind)99),
        ["kind-unspecified"] = r => Expectations(r).Kinds.Add(LaunchKind.Unspecified),
        ["image-format"] = r => Expectations(r).Image = "coconut svsm",
        ["vmpl-range"] = r => Constraints(r).Vmpls = new VmplSet { Values = { 4 } },
        ["policy-bits"] = r => Constraints(r).GuestPolicy = new GuestPolicyRule { Required = 1UL << 26 },
        ["policy-contradictory"] = r => Constraints(r).GuestPolicy = new GuestPolicyRule { Required = 1UL << 20, Forbidden = 1UL << 20 },
        ["platform-bits"] = r => Constraints(r).PlatformInfo = new PlatformInfoRule { Required = 1UL << 8 },
        ["signer-absent"] = r => Constraints(r).Signer = new SignerRule(),
        ["signer-keyless"] = r => Constraints(r).Signer = new SignerRule { Pinned = new SignerRule.Types.PinnedSigner() },
        ["signer-zero"] = r => Constraints(r).Signer = new SignerRule { Pinned = new SignerRule.Types.PinnedSigner { IdKeyDigests = { Requests.Bytes(48, 0) } } },
        ["floor-product"] = r => Constraints(r).TcbFloors.Add(new TcbFloor { Reported = new TcbVersion() }),
        ["floor-empty"] = r => Constraints(r).TcbFloors.Add(new TcbFloor { Product = Product.Milan }),
        ["floor-fmc"] = r => Constraints(r).TcbFloors.Add(new TcbFloor { Product = Product.Milan, Reported = new TcbVersion { Fmc = 1 } }),
        ["floor-range"] = r => Constraints(r).TcbFloors.Add(new TcbFloor { Product = Product.Milan, Reported = new TcbVersion { Snp = 256 } }),
        ["floor-cpu"] = r => Constraints(r).TcbFloors.Add(new TcbFloor { Product = Product.Milan, Reported = new TcbVersion(), Cpu = new CpuSignature { Family = 0x1A } }),
        ["floor-twice"] = r => Constraints(r).TcbFloors.Add(Enumerable.Repeat(new TcbFloor { Product = Product.Milan, Reported = new TcbVersion() }, 2)),
        ["chip-length"] = r => Constraints(r).ChipIds.Add(Requests.Bytes(63)),
        ["report-version-range"] = r => Constraints(r).MinReportVersion = 6,
        ["several"] = r => (r.Tenant, r.Binding.Nonce) = ("Default", Requests.Bytes(1)),
        ["unknown-field"] = r => r.MergeFrom(new byte[] { 0xFA, 0x3F, 0x00 }),
        ["message-large"] = r => r.Evidence.Snp.RevocationLists.Add(Requests.Bytes(512 * 1024)),
    };

    /// <summary>Spoilt registrations.</summary>
    public static IReadOnlyDictionary<string, Action<CreateReferenceValueRequest>> Create { get; } = new Dictionary<string, Action<CreateReferenceValueRequest>>
    {
        ["create-parent"] = r => r.Parent = "tenant/default",
        ["create-id-absent"] = r => r.ReferenceValueId = "",
        ["create-id-format"] = r => r.ReferenceValueId = "coconut_svsm",
        ["create-value-absent"] = r => r.ReferenceValue = null,
        ["create-output-only"] = r => r.ReferenceValue.State = ReferenceValue.Types.State.Active,
        ["create-image-absent"] = r => r.ReferenceValue.Image = "",
        ["create-version-long"] = r => r.ReferenceValue.Version = new string('1', 129),
        ["create-kind-absent"] = r => r.ReferenceValue.Kind = default,
        ["create-measurement-none"] = r => r.ReferenceValue.Measurements.Clear(),
        ["create-measurement-many"] = r => r.ReferenceValue.Measurements.Add(Enumerable.Repeat(r.ReferenceValue.Measurements[0], 256)),
        ["create-digest-length"] = r => r.ReferenceValue.Measurements[0].Digest = Requests.Bytes(32),
        ["create-digest-zero"] = r => r.ReferenceValue.Measurements[0].Digest = Requests.Bytes(48, 0),
        ["create-digest-twice"] = r => r.ReferenceValue.Measurements.Add(r.ReferenceValue.Measurements[0]),
        ["create-profile-format"] = r => r.ReferenceValue.Measurements[0].Profile = "QEMU",
        ["create-vcpus-range"] = r => r.ReferenceValue.Measurements[0].VcpuCount = 0,
        ["create-signer-measurement"] = r => (r.ReferenceValue.AcceptBySigner, r.ReferenceValue.Constraints) = (true, Requests.SignedBy()),
        ["create-signer-absent"] = r => BySigner(r, null),
        ["create-signer-none"] = r => BySigner(r, new Constraints { Signer = new SignerRule { NoIdBlock = new() } }),
        ["create-signer-family"] = r => BySigner(r, Requests.SignedBy(c => c.Signer.Pinned.ClearFamilyId())),
        ["create-signer-image"] = r => BySigner(r, Requests.SignedBy(c => c.Signer.Pinned.ClearImageId())),
        ["create-control-text"] = r => r.ReferenceValue.Provenance = new Provenance { Repository = "a\nb" },
        ["create-expired"] = r => r.ReferenceValue.ExpireTime = Timestamp.FromDateTimeOffset(VirtualAmd.Now),
        ["create-time-invalid"] = r => r.ReferenceValue.ExpireTime = new Timestamp { Seconds = long.MaxValue },
        ["create-request-id"] = r => r.RequestId = "one",
    };

    /// <summary>Everything else: whole calls.</summary>
    public static IReadOnlyDictionary<string, Func<TestService, Task>> Calls { get; } = new Dictionary<string, Func<TestService, Task>>
    {
        ["challenge-tenant"] = async s => await s.Verifier.CreateChallengeAsync(new() { Tenant = "another" }),
        ["challenge-life-long"] = async s => await s.Verifier.CreateChallengeAsync(new() { Life = new Duration { Seconds = 121 } }),
        ["challenge-life-short"] = async s => await s.Verifier.CreateChallengeAsync(new() { Life = new Duration { Nanos = 999_999_999 } }),
        ["challenge-life-invalid"] = async s => await s.Verifier.CreateChallengeAsync(new() { Life = new Duration { Seconds = 5, Nanos = -1 } }),
        ["create-no-token"] = async s => await s.Registry.CreateReferenceValueAsync(Requests.Create()),
        ["create-wrong-token"] = async s => await s.Registry.CreateReferenceValueAsync(Requests.Create(), new Grpc.Core.Metadata { { "authorization", $"Bearer {TestService.Token}x" } }),
        ["create-token-scheme"] = async s => await s.Registry.CreateReferenceValueAsync(Requests.Create(), new Grpc.Core.Metadata { { "authorization", TestService.Token } }),
        ["rule-unknown"] = async s => await Rules(s).GetIdentityRuleAsync(new() { Name = "tenants/default/identityRules/x" }, TestService.Registrar),
        ["rule-roles-many"] = async s => await Rules(s).CreateIdentityRuleAsync(
            new() { IdentityRuleId = "x", IdentityRule = new() { Roles = { Enumerable.Repeat(Role.Reader, 17) }, Certificate = new() { DnsName = "ci.example" } } }, TestService.Registrar),
        ["rule-loose"] = async s => await Rules(s).CreateIdentityRuleAsync(
            new() { IdentityRuleId = "x", IdentityRule = new() { Roles = { Role.Registrar }, Github = new() { RepositoryOwnerId = "1", Ref = "refs/tags/v*" } } }, TestService.Registrar),
        ["rule-exists"] = async s =>
        {
            CreateIdentityRuleRequest request = new() { IdentityRuleId = "x", IdentityRule = new() { Roles = { Role.Reader }, Certificate = new() { DnsName = "ci.example" } } };
            await Rules(s).CreateIdentityRuleAsync(request, TestService.Registrar);
            await Rules(s).CreateIdentityRuleAsync(request, TestService.Registrar);
        },
        ["tenant-exists"] = async s => await new TenantService.TenantServiceClient(s.Channel()).CreateTenantAsync(new() { TenantId = "default" }, TestService.Registrar),
        ["create-exists"] = async s =>
        {
            await Created(s, "taken");
            await Created(s, "taken");
        },
        ["create-request-id-reused"] = async s =>
        {
            CreateReferenceValueRequest request = Requests.Create("first");
            request.RequestId = Guid.NewGuid().ToString();
            await s.Registry.CreateReferenceValueAsync(request, TestService.Registrar);
            request.ReferenceValueId = "second";
            await s.Registry.CreateReferenceValueAsync(request, TestService.Registrar);
        },
        ["create-revoked"] = async s =>
        {
            await Created(s, "bad");
            await s.Registry.RevokeReferenceValueAsync(new() { Name = Requests.Name("bad"), Reason = "key lost" }, TestService.Registrar);
            await Created(s, "again");
        },
        ["observe-evidence-absent"] = s => ObserveAsync(s, r => r.Evidence = null),
        ["observe-signer"] = s => ObserveAsync(s, r => r.ReferenceValue.AcceptBySigner = true),
        ["observe-measurement"] = s => ObserveAsync(s, r => r.ReferenceValue.Measurements.Add(Requests.Create().ReferenceValue.Measurements)),
        ["observe-report-short"] = s => ObserveAsync(s, r => r.Evidence.Snp.Report = Requests.Bytes(1183)),
        ["observe-forged"] = s => ObserveAsync(s, r => r.Evidence.Snp.Report = Patched(r.Evidence.Snp.Report, 0x90, 0xAA)),
        ["get-name-absent"] = async s => await s.Registry.GetReferenceValueAsync(new()),
        ["get-name-format"] = async s => await s.Registry.GetReferenceValueAsync(new() { Name = "referenceValues/x" }),
        ["get-unknown"] = async s => await s.Registry.GetReferenceValueAsync(new() { Name = Requests.Name("x") }),
        ["list-page-negative"] = async s => await s.Registry.ListReferenceValuesAsync(new() { PageSize = -1 }),
        ["list-token-garbage"] = async s => await s.Registry.ListReferenceValuesAsync(new() { PageToken = "AAAA" }),
        ["list-token-foreign"] = async s =>
        {
            await Created(s, "a");
            await Created(s, "b");
            ListReferenceValuesResponse page = await s.Registry.ListReferenceValuesAsync(new() { PageSize = 1 });
            await s.Registry.ListReferenceValuesAsync(new() { PageSize = 1, PageToken = page.NextPageToken, Filter = new() { Image = "other" } });
        },
        ["list-state-unknown"] = async s => await s.Registry.ListReferenceValuesAsync(new() { Filter = new() { State = (ReferenceValue.Types.State)77 } }),
        ["deprecate-etag"] = async s =>
        {
            await Created(s, "a");
            await s.Registry.DeprecateReferenceValueAsync(new() { Name = Requests.Name("a"), Etag = "\"stale\"" }, TestService.Registrar);
        },
        ["activate-active"] = async s =>
        {
            await Created(s, "a");
            await s.Registry.ActivateReferenceValueAsync(new() { Name = Requests.Name("a") }, TestService.Registrar);
        },
        ["revoke-no-reason"] = async s => await s.Registry.RevokeReferenceValueAsync(new() { Name = Requests.Name("a") }, TestService.Registrar),
        ["revoke-unknown"] = async s => await s.Registry.RevokeReferenceValueAsync(new() { Name = Requests.Name("a"), Reason = "x" }, TestService.Registrar),
        ["policy-no-token"] = async s => await s.Policies.ApplyPolicyAsync(new()),
        ["policy-absent"] = s => ApplyAsync(s, r => r.Policy = null),
        ["policy-name-format"] = s => ApplyAsync(s, r => r.Policy.Name = "policies/x"),
        ["policy-name-version"] = s => ApplyAsync(s, r => r.Policy.Name += "@1"),
        ["policy-builtin"] = s => ApplyAsync(s, r => r.Policy.Name = "tenants/default/policies/builtin"),
        ["policy-output-only"] = s => ApplyAsync(s, r => r.Policy.Version = 1),
        ["policy-vmpl-range"] = s => ApplyAsync(s, r => r.Policy.Rules.Constraints = new() { Vmpls = new() { Values = { 4 } } }),
        ["policy-provider-twice"] = s => ApplyAsync(s, r => r.Policy.Rules.CspIds.AddRange(["CN=a", "CN=a"])),
        ["policy-provider-empty"] = s => ApplyAsync(s, r => r.Policy.Rules.CspIds.Add("")),
        ["policy-chip-length"] = s => ApplyAsync(s, r => r.Policy.Rules.DeniedChips.Add(Requests.Bytes(8))),
        ["policy-chip-zero"] = s => ApplyAsync(s, r => r.Policy.Rules.DeniedChips.Add(Requests.Bytes(64, 0))),
        ["policy-revocation-unknown"] = s => ApplyAsync(s, r => r.Policy.Rules.Revocation = (PolicyRules.Types.Revocation)9),
        ["policy-revocation-contradictory"] = s => ApplyAsync(
            s, r => r.Policy.Rules = new() { Revocation = PolicyRules.Types.Revocation.Required, UnsafeSkipRevocation = true }),
        ["policy-advisory-unknown"] = s => ApplyAsync(s, r => r.Policy.Rules.RequiredAdvisories.Add("AMD-SB-1")),
        ["policy-expectation-unknown"] = s => ApplyAsync(s, r => r.Policy.Rules.RequestsMayState = new() { Names = { "binding" } }),
        ["policy-tenant-unknown"] = s => ApplyAsync(s, r => r.Policy.Name = "tenants/another/policies/default"),
        ["policy-etag"] = s => ApplyAsync(s, r => r.Etag = "\"stale\""),
        ["policy-get-unknown"] = async s => await s.Policies.GetPolicyAsync(new() { Name = "tenants/default/policies/none" }),
        ["policy-get-version"] = async s => await s.Policies.GetPolicyAsync(new() { Name = "tenants/default/policies/default@0" }),
        ["policy-versions-token"] = async s => await s.Policies.ListPolicyVersionsAsync(new() { Name = "tenants/default/policies/default", PageToken = "x" }),
        ["policy-delete-in-force"] = async s => await s.Policies.DeletePolicyAsync(new() { Name = "tenants/default/policies/default" }, TestService.Registrar),
        ["policy-delete-unknown"] = async s => await s.Policies.DeletePolicyAsync(new() { Name = "tenants/default/policies/none" }, TestService.Registrar),
        ["policy-many"] = async s =>
        {
            s.Documents.Most = 1;
            await ApplyAsync(s, _ => { });
            await ApplyAsync(s, r => r.Policy.Name = "tenants/default/policies/second");
        },
        ["policy-not-admitted"] = async s =>
        {
            await ApplyAsync(s, r => r.Policy.Rules.RequestsMayState = new());
            VerifyRequest request = Requests.Verify();
            request.Expectations = new() { Image = "coconut-svsm" };
            await s.Verifier.VerifyAsync(request);
        },
        ["policy-draft-absent"] = async s => await s.Policies.EvaluatePolicyAsync(new() { Evidence = Requests.Verify().Evidence }, TestService.Registrar),
        ["policy-draft-foreign"] = async s => await s.Policies.EvaluatePolicyAsync(new() { Evidence = Requests.Verify().Evidence, Policy = "tenants/another/policies/x" }, TestService.Registrar),
        ["policy-draft-challenge"] = async s => await s.Policies.EvaluatePolicyAsync(
            new() { Evidence = Requests.Verify().Evidence, Rules = new(), Binding = new() { Challenge = new() { Challenge = Requests.Bytes(64) } } }, TestService.Registrar),
        ["lookup-length"] = async s => await s.Registry.LookupMeasurementAsync(new() { Digest = Requests.Bytes(47) }),
        ["lookup-unknown"] = async s => await s.Registry.LookupMeasurementAsync(new() { Digest = Requests.Bytes(48) }),
    };

    private static Sha512Binding Parts(int count) =>
        new() { Parts = { Enumerable.Repeat(new Sha512Binding.Types.Part { Value = Requests.Bytes(1), FixedLength = 1 }, count) } };

    private static void BySigner(CreateReferenceValueRequest request, Constraints? constraints)
    {
        request.ReferenceValue.Measurements.Clear();
        request.ReferenceValue.AcceptBySigner = true;
        request.ReferenceValue.Constraints = constraints;
    }

    private static async Task ApplyAsync(TestService service, Action<ApplyPolicyRequest> spoil)
    {
        ApplyPolicyRequest request = new() { Policy = new() { Name = "tenants/default/policies/default", Rules = new() } };
        spoil(request);
        await service.Policies.ApplyPolicyAsync(request, TestService.Registrar);
    }

    private static async Task Created(TestService service, string id) =>
        await service.Registry.CreateReferenceValueAsync(Requests.Create(id), TestService.Registrar);

    private static async Task ObserveAsync(TestService service, Action<ObserveReferenceValueRequest> spoil)
    {
        ObserveReferenceValueRequest request = Requests.Observe();
        spoil(request);
        await service.Registry.ObserveReferenceValueAsync(request, TestService.Registrar);
    }

    private static ByteString Patched(VerifyRequest request, int offset, byte value) => Patched(request.Evidence.Snp.Report, offset, value);

    private static ByteString Patched(ByteString bytes, int offset, byte value)
    {
        byte[] report = bytes.ToByteArray();
        report[offset] = value;
        return ByteString.CopyFrom(report);
    }

    private static Expectations Expectations(VerifyRequest request) => request.Expectations ??= new Expectations();

    private static Constraints Constraints(VerifyRequest request) => Expectations(request).Constraints ??= new Constraints();

    private static IdentityRuleService.IdentityRuleServiceClient Rules(TestService service) => new(service.Channel());
}

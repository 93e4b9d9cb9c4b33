using System.Text;
using SevSnp.Advisories;
using SevSnp.Certificates;
using SevSnp.Policies;
using SevSnp.Policies.Documents;
using Verifier.Fuzz.Tests.Mutators;
using Verifier.Fuzz.Tests.Reports;
using Verifier.Fuzz.Tests.Rig;
using Verifier.Service.Identity.Rules;
using Verifier.TestKit;

namespace Verifier.Fuzz.Tests.Documents;

/// <summary>Mutants of what people and other services write: policies, advisories, identity rules, bundles of certificates, lists of chips.</summary>
public sealed class DocumentFuzzTests
{
    [Fact]
    [Trait("target", "documents")]
    public void Documents_AreReadOrRefused() => FuzzDriver.Run(new DocumentTarget());

    [Fact]
    public void GoodDocuments_AreRead() =>
        Assert.All(new DocumentTarget().Formats, f => Assert.All(f.Seeds, s => Assert.StartsWith("read", f.Try(s, new Meter()), StringComparison.Ordinal)));
}

/// <summary>Documents.</summary>
internal sealed class DocumentTarget : FormatTarget
{
    /// <summary>Policies as the service keeps them.</summary>
    internal static readonly string[] Policies =
    [
        """{"v":1}""",
        """{"v":1,"description":"all there is","min_report_version":5,"vmpls":[0,1],"signing_keys":["vcek","vlek"],"products":["milan","turin"],"csp_ids":["CN=a"],"guest_policy":{"required":["single_socket"],"forbidden":["smt","cxl_allow"],"min_abi":"1.55"},"platform_info":{"required":["ecc_enabled"],"forbidden":["tsme_enabled","bit_9","bit_63"]},"signer":{"id_key_digests":["DIGEST"],"author_key_digests":["DIGEST"],"min_guest_svn":3},"tcb_floors":[{"product":"milan","reported":{"boot_loader":4,"tee":0,"snp":24,"microcode":219}},{"product":"turin","launch":{"fmc":1,"boot_loader":1,"tee":1,"snp":4,"microcode":81}}],"min_firmware":"1.55.29","min_current_firmware":"1.55.40","required_mitigations":"0x0b","revocation":"required","required_advisories":["AMD-SB-3019"],"requests_may_state":["image","host_data"],"unsafe_allow_debug":true}""".Replace("DIGEST", new string('a', 96), StringComparison.Ordinal),
        """{"v":1,"vmpls":[],"requests_may_state":[],"signer":{"no_id_block":true},"revocation":"preferred"}""",
    ];

    private static readonly IdentityCondition[] Conditions =
    [
        new GitHubCondition { RepositoryId = "4711", RepositoryOwnerId = "815", Ref = "refs/tags/v*", EventNames = ["push"] },
        new GitLabCondition { ProjectId = "4711", NamespaceId = "815", Ref = "refs/heads/main" },
        new KubernetesCondition { Issuer = "https://cluster.example", Namespace = "ci", ServiceAccount = "registrar", ServiceAccountUid = "5f0c6b1e-5b8a-4a3c-8a55-0c2f4f8f9d10" },
        new ClaimsCondition { Issuer = "https://issuer.example", Claims = new Dictionary<string, string> { ["sub"] = "somebody" } },
        new CertificateCondition { Uri = "spiffe://example/ci" },
    ];

    public override string Name => "documents";

    public override int FewestKinds => 40;

    // Bundles and inventories are lists: each entry is a certificate or a line to be told of.
    public override long MostAllocatedFor(int length) => MostAllocated + (24L * length);

    public override IReadOnlyList<Format> Formats { get; } =
    [
        new("policy", [.. Policies.Select(Encoding.UTF8.GetBytes)], JsonMutator.Mutate, ReadPolicy),
        new("advisories", [Shipped()], JsonMutator.Mutate, ReadAdvisories),
        new("rule", [.. Conditions.Select(c => RuleCodec.Encode(new IdentityRule(c, [Role.Registrar]) { Description = "ci", IdPrefix = "a-" }))], JsonMutator.Mutate, (input, _) => RuleCodec.TryDecode(input) is null ? "refused" : "read"),
        new("bundle", [Encoding.ASCII.GetBytes(Bundle().ToPem())], TextMutator.Mutate, ReadBundle),
        new("inventory", [Inventory()], TextMutator.Mutate, ReadInventory),
    ];

    private static string ReadPolicy(byte[] input, Meter meter)
    {
        if (!PolicyDocument.TryRead(input, out AppraisalPolicy? policy, out IReadOnlyList<PolicyFault> faults))
        {
            Assert.NotEmpty(faults);
            return Kind($"refused {string.Concat(faults[0].ToString().Where(c => c != '"'))}");
        }

        // What was understood is written so that it is understood again, as the same.
        meter.Aside(() =>
        {
            byte[] written = PolicyDocument.Write(policy);
            Assert.True(PolicyDocument.TryRead(written, out AppraisalPolicy? again, out _));
            Assert.Equal(PolicyDocument.Write(again), written);
            return 0;
        });
        return "read";
    }

    private static string ReadAdvisories(byte[] input, Meter meter) =>
        AdvisoryList.TryRead(input, out _, out IReadOnlyList<PolicyFault> faults) ? "read" : Kind($"refused {faults[0]}");

    private static string ReadBundle(byte[] input, Meter meter)
    {
        if (!KdsBundle.TryParse(input, out KdsBundle? bundle, out SevSnp.Checks.EvidenceFault fault))
        {
            return Kind($"refused {fault}");
        }

        return meter.Aside(() =>
        {
            // Only what the simulated AMD signed is found without fault.
            byte[][] genuine = [.. SimulatedGuests.All[0].Certificates, SimulatedGuests.All[0].Amd.Asvk.Certificate];
            int sound = bundle.Certificates.Count - bundle.Verify(SimulatedGuests.Roots, VirtualAmd.Now).Count + bundle.RevocationLists.Count;
            int known = bundle.Certificates.Count(c => genuine.Any(g => c.Der.Span.SequenceEqual(g))) + bundle.RevocationLists.Count;
            return sound > known ? throw new FalseAcceptException($"{sound} entries are sound, {known} are genuine") : "read";
        });
    }

    private static string ReadInventory(byte[] input, Meter meter)
    {
        IReadOnlyList<InventoryChip> chips = ChipInventory.Parse(Encoding.Latin1.GetString(input), out IReadOnlyList<string> faults);
        return faults.Count == 0 ? "read" : Kind($"refused {faults[0]}, {(chips.Count > 0 ? "some" : "none")} read");
    }

    private static KdsBundle Bundle()
    {
        Scenario guest = SimulatedGuests.All[0];
        byte[] list = guest.Amd.RevocationList().Mint();
        CertificateBundle all = guest.Bundle.WithRevocationLists([list]);
        return KdsBundle.Of(all.Certificates, all.RevocationLists);
    }

    private static byte[] Inventory() =>
        Encoding.ASCII.GetBytes(string.Join('\n', SimulatedGuests.Bundle.Certificates.Select(KdsBundle.ChipOf).OfType<InventoryChip>().Select(c => c.ToLine())) + "\n");

    private static byte[] Shipped() => File.ReadAllBytes(RepositoryRoot.Combine("src", "SevSnp", "Advisories", "advisories.json"));
}

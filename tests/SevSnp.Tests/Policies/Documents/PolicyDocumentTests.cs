using System.Text;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Policies.Documents;
using SevSnp.Primitives;

namespace SevSnp.Tests.Policies.Documents;

public sealed class PolicyDocumentTests
{
    private static readonly string Key = new('a', 96);
    private static readonly string Chip = new('c', 128);

    // Canonical: what is written for it is itself, byte for byte.
    private static readonly string Full = $$$"""
        {"v":1,"description":"all there is","min_report_version":5,"vmpls":[0,1],"signing_keys":["vcek","vlek"],"csp_ids":["CN=a"],
        "products":["milan","turin"],
        "guest_policy":{"required":["mem_aes256_xts"],"forbidden":["smt","cxl_allow"],"min_abi":"1.55"},
        "platform_info":{"required":["ecc_enabled"],"forbidden":["tsme_enabled","bit_9","bit_63"]},
        "signer":{"id_key_digests":["{{{Key}}}"],"author_key_digests":["{{{Key}}}"],"min_guest_svn":3,"family_id":"{{{new string('1', 32)}}}","image_id":"{{{new string('2', 32)}}}"},
        "host_data":"{{{new string('3', 64)}}}",
        "tcb_floors":[{"product":"milan","reported":{"boot_loader":4,"tee":0,"snp":24,"microcode":219}},
        {"product":"milan","cpu":"19/01/2","committed":{"boot_loader":4,"tee":0,"snp":24,"microcode":68}},
        {"product":"turin","launch":{"fmc":1,"boot_loader":1,"tee":1,"snp":4,"microcode":81}}],
        "min_firmware":"1.55.29","min_current_firmware":"1.55.40","required_mitigations":"0x0b",
        "allowed_chips":["{{{Chip}}}"],"denied_chips":["{{{new string('d', 128)}}}"],"revocation":"required",
        "required_advisories":["AMD-SB-3015","AMD-SB-3019"],"requests_may_state":["image","host_data"],
        "unsafe_allow_debug":true,"unsafe_allow_migration":true,"unsafe_allow_masked_chip_id":true,"unsafe_allow_unbound_report":true,
        "unsafe_allow_any_measurement":true,"unsafe_skip_alias_check":true}
        """.ReplaceLineEndings("");

    public static TheoryData<string, string, string> Faults => new()
    {
        { "\"v\":1", "\"v\":2", "v: must be a whole number from 1 to 1" },
        { "\"v\":1,", "", "must state the version of its format, v: 1" },
        { "\"v\":1", "\"v\":1,\"unsafe_allow_everything\":true", "unsafe_allow_everything: there is no such member" },
        { "\"v\":1", "\"v\":1,\"Vmpls\":[3]", "Vmpls: there is no such member" },
        { "\"v\":1", "\"v\":1,\"v\":1", "is no well-formed JSON document with each member once and a depth of at most 8" },
        { "\"description\":\"all there is\"", "\"description\":\"\"", "description: must be 1 to 512 printable characters" },
        { "all there is", "all\\nthere is", "description: must be 1 to 512 printable characters" },
        { "all there is", "\\ud800", "is no well-formed JSON document with each member once and a depth of at most 8" },
        { "\"min_report_version\":5", "\"min_report_version\":6", "min_report_version: must be a whole number from 2 to 5" },
        { "\"min_report_version\":5", "\"min_report_version\":1", "min_report_version: must be a whole number from 2 to 5" },
        { "\"min_report_version\":5", "\"min_report_version\":3.5", "min_report_version: must be a whole number from 2 to 5" },
        { "\"min_report_version\":5", "\"min_report_version\":null", "min_report_version: must be a whole number from 2 to 5" },
        { "\"vmpls\":[0,1]", "\"vmpls\":[0,4]", "vmpls[1]: must be a whole number from 0 to 3" },
        { "\"vmpls\":[0,1]", "\"vmpls\":[0,0]", "vmpls[1]: stands in the list before" },
        { "\"vmpls\":[0,1]", "\"vmpls\":0", "vmpls: must be a list, is a number" },
        { "[\"vcek\",\"vlek\"]", "[\"none\"]", "signing_keys[0]: must be one of vcek, vlek" },
        { "[\"vcek\",\"vlek\"]", "[]", "signing_keys: must not be empty; leave it out where nothing is demanded" },
        { "\"milan\",\"turin\"", "\"unknown\"", "products[0]: must be one of genoa, milan, turin" },
        { "\"milan\",\"turin\"", "\"Milan\"", "products[0]: must be one of genoa, milan, turin" },
        { "\"csp_ids\":[\"CN=a\"]", "\"csp_ids\":[\"\"]", "csp_ids[0]: must be 1 to 256 printable characters" },
        { "\"smt\",\"cxl_allow\"", "\"mem_aes256_xts\"", "guest_policy: requires and forbids mem_aes256_xts" },
        { "\"smt\",\"cxl_allow\"", "\"smt\",\"smt\"", "guest_policy.forbidden[1]: stands in the list before" },
        { "\"smt\",\"cxl_allow\"", "\"bit_30\"", "guest_policy.forbidden[0]: must be one of ciphertext_hiding_dram, cxl_allow, debug, mem_aes256_xts, migrate_ma, page_swap_disable, rapl_dis, single_socket, smt" },
        { "\"1.55\"", "1.55", "guest_policy.min_abi: must be a version such as \"1.55\", each number 0 to 255" },
        { "\"1.55\"", "\"1.256\"", "guest_policy.min_abi: must be a version such as \"1.55\", each number 0 to 255" },
        { "\"ecc_enabled\"", "\"bit_9\"", "platform_info.required[0]: must be one of alias_check_complete, ciphertext_hiding_dram_enabled, ecc_enabled, iommu_write_safe, rapl_disabled, smt_enabled, tio_enabled, tsme_enabled" },
        { "\"bit_63\"", "\"bit_64\"", "platform_info.forbidden[2]: must be one of alias_check_complete, ciphertext_hiding_dram_enabled, ecc_enabled, iommu_write_safe, rapl_disabled, smt_enabled, tio_enabled, tsme_enabled" },
        { "\"bit_63\"", "\"bit_0\"", "platform_info.forbidden[2]: must be one of alias_check_complete, ciphertext_hiding_dram_enabled, ecc_enabled, iommu_write_safe, rapl_disabled, smt_enabled, tio_enabled, tsme_enabled" },
        { "\"id_key_digests\":", "\"no_id_block\":true,\"id_key_digests\":", "signer: no_id_block stands alone" },
        { $"[\"{Key}\"],\"author", $"[\"{new string('0', 96)}\"],\"author", "signer.id_key_digests[0]: must be 48 bytes in hexadecimal, not all zero" },
        { new string('3', 64), new string('3', 62), "host_data: must be 32 bytes in hexadecimal" },
        { "\"snp\":24,\"microcode\":219", "\"snp\":256,\"microcode\":219", "tcb_floors[0].reported.snp: must be a whole number from 0 to 255" },
        { "\"reported\":{\"boot", "\"reported\":{\"fmc\":1,\"boot", "tcb_floors[0].reported.fmc: there is no such member" },
        { "\"cpu\":\"19/01/2\"", "\"cpu\":\"19/11/1\"", "tcb_floors[1].cpu: is no CPU of Milan" },
        { "\"cpu\":\"19/01/2\"", "\"cpu\":\"19/01\"", "tcb_floors[1].cpu: must be family, model and stepping in hexadecimal, such as 19/01/1" },
        { "\"product\":\"milan\",\"cpu\":\"19/01/2\"", "\"product\":\"milan\"", "tcb_floors[1]: there is another floor for the same product line and CPU" },
        { "\"product\":\"turin\",\"launch\":", "\"product\":\"turin\",\"current\":", "tcb_floors[2].current: there is no such member" },
        { "\"1.55.29\"", "\"1.55\"", "min_firmware: must be a version such as 1.55.40, each number 0 to 255" },
        { "\"1.55.40\"", "\"1.55.-1\"", "min_current_firmware: must be a version such as 1.55.40, each number 0 to 255" },
        { "\"0x0b\"", "\"11\"", "required_mitigations: must be a mask in hexadecimal, such as 0x0b" },
        { Chip, new string('0', 128), "allowed_chips[0]: must be a chip id of 64 bytes, or 8 on Turin, in hexadecimal, not all zero" },
        { "\"revocation\":\"required\"", "\"revocation\":\"off\"", "revocation: must be one of preferred, required" },
        { "\"unsafe_skip_alias_check\":true", "\"unsafe_skip_revocation\":true", "unsafe_skip_revocation: contradicts revocation: required" },
        { "\"AMD-SB-3019\"", "\"amd-sb-3019\"", "required_advisories[1]: must be 1 to 32 of [A-Z0-9-], such as AMD-SB-3019" },
        { "\"host_data\"]", "\"binding\"]", $"requests_may_state[1]: must be one of {string.Join(", ", ExpectationNames.All.Select(e => e.WireName()).Order(StringComparer.Ordinal))}" },
        { "\"unsafe_allow_debug\":true", "\"unsafe_allow_debug\":\"true\"", "unsafe_allow_debug: must be true or false, is a text" },
    };

    [Fact]
    public void FullDocument_IsReadWholeAndWrittenAsItWas()
    {
        AppraisalPolicy policy = Read(Full);
        Assert.Equal(Full, Text(policy));
        Assert.Equal([ProductLine.Milan, ProductLine.Turin], policy.Constraints.Products!.Order());
        Assert.Equal(new FirmwareVersion(1, 55, 40), policy.Constraints.MinCurrentFirmware);
        Assert.Equal((PlatformInfoBits)((1UL << 9) | (1UL << 63)) | PlatformInfoBits.TsmeEnabled, policy.Constraints.PlatformInfo!.Forbidden);
        Assert.Equal(new CpuSignature(0x19, 0x01, 2), policy.Constraints.TcbFloors[1].Cpu);
        Assert.Equal(7 - 1, policy.UnsafeSwitches.Count());
        Assert.Equal([Expectation.Image, Expectation.HostData], policy.AdmittedExpectations!.Order());
    }

    [Fact]
    public void T53_LeastDocument_IsTheBuiltInPolicy()
    {
        AppraisalPolicy policy = Read("""{"v":1}""");
        Assert.Equal(AppraisalPolicy.Default.Identity.Sha256, policy.Identity.Sha256);
        Assert.Equal("""{"v":1,"min_report_version":3,"vmpls":[0],"csp_ids":[],"revocation":"preferred"}""", Text(policy));
    }

    [Fact]
    public void T53_EmptySets_AllowNothingAndAreNotTheDefault()
    {
        AppraisalPolicy policy = Read("""{"v":1,"vmpls":[],"requests_may_state":[]}""");
        Assert.Empty(policy.Constraints.Vmpls!);
        Assert.Empty(policy.AdmittedExpectations!);
        Assert.NotEqual(AppraisalPolicy.Default.Identity.Sha256, policy.Identity.Sha256);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void T53_OneChange_IsRefusedWithItsPlaceAndRule(string there, string instead, string expected)
    {
        Assert.Contains(there, Full, StringComparison.Ordinal);
        int at = Full.IndexOf(there, StringComparison.Ordinal);
        string changed = Full[..at] + instead + Full[(at + there.Length)..];
        Assert.False(PolicyDocument.TryRead(Encoding.UTF8.GetBytes(changed), out AppraisalPolicy? policy, out IReadOnlyList<PolicyFault> faults));
        Assert.Null(policy);
        Assert.Contains(expected, faults.Select(f => f.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"v\"")]
    [InlineData("{\"v\":1}{}")]
    [InlineData("{\"v\":1,}")]
    [InlineData("{\"v\":1} // comment")]
    public void AnythingElse_IsRefused(string text)
    {
        Assert.False(PolicyDocument.TryRead(Encoding.UTF8.GetBytes(text), out _, out IReadOnlyList<PolicyFault> faults));
        Assert.NotEmpty(faults);
    }

    [Fact]
    public void HostileSizeAndDepth_AreRefusedWithAShortAnswer()
    {
        Assert.False(PolicyDocument.TryRead(new byte[PolicyDocument.MaxSize + 1], out _, out IReadOnlyList<PolicyFault> tooLarge));
        Assert.Equal("must be at most 262144 bytes long, is 262145", Assert.Single(tooLarge).ToString());

        string deep = $"{{\"v\":1,\"vmpls\":{new string('[', 100_000)}";
        Assert.False(PolicyDocument.TryRead(Encoding.UTF8.GetBytes(deep), out _, out IReadOnlyList<PolicyFault> tooDeep));
        Assert.Single(tooDeep);

        string wide = $"{{\"v\":1,{string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"m{i}\":0"))}}}";
        Assert.False(PolicyDocument.TryRead(Encoding.UTF8.GetBytes(wide), out _, out IReadOnlyList<PolicyFault> many));
        Assert.Equal(16, many.Count);
    }

    [Fact]
    public void Hash_FollowsTheContentAndNotTheNameOrTheOrder()
    {
        HexBytes hash = Read("""{"v":1,"vmpls":[1,0],"min_report_version":3}""").Identity.Sha256;
        Assert.Equal(hash, (Read("""{"min_report_version":3,"vmpls":[0,1],"v":1}""") with { Name = "other", Version = 9 }).Identity.Sha256);
        Assert.NotEqual(hash, Read("""{"v":1,"vmpls":[0]}""").Identity.Sha256);

        // A copy must not carry the hash of its original.
        AppraisalPolicy policy = AppraisalPolicy.Default;
        Assert.NotEqual(policy.Identity.Sha256, (policy with { UnsafeAllowDebug = true }).Identity.Sha256);
        Assert.Equal(32, policy.Identity.Sha256.Length);
    }

    [Fact]
    public void Identity_IsShownWithItsVersionWhereThereIsOne()
    {
        PolicyIdentity identity = new("default", 3, new HexBytes(Convert.FromHexString(new string('5', 64))));
        Assert.Equal("default@3 (sha256 555555555555...)", identity.ToString());
        Assert.Equal("default (sha256 555555555555...)", (identity with { Version = 0 }).ToString());
    }

    private static AppraisalPolicy Read(string json) =>
        PolicyDocument.TryRead(Encoding.UTF8.GetBytes(json), out AppraisalPolicy? policy, out IReadOnlyList<PolicyFault> faults)
            ? policy
            : throw new InvalidOperationException(string.Join("; ", faults));

    private static string Text(AppraisalPolicy policy) => Encoding.UTF8.GetString(PolicyDocument.Write(policy));
}

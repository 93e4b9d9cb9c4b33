using System.Text.Json;
using Verifier.TestKit;

namespace Verifier.Client.Tests;

/// <summary>Files that <c>idblock create</c> writes; transcripts cannot look into files.</summary>
public sealed class IdBlockCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("verifierctl-");

    public IdBlockCommandTests() => SigningKeys.WriteTo(_folder);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("rfc6979_id_auth.bin", true)]
    [InlineData("rfc6979_id_auth_noauthor.bin", false)]
    public async Task Create_WritesTheVectorByteForByte(string fixture, bool withAuthor)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        using JsonDocument manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(Vectors.Path("firmware", "manifest.json"), Ct));
        JsonElement block = manifest.RootElement.GetProperty("idBlocks").EnumerateArray().Single(b => b.GetProperty("id").GetString() == "idblock-all-fields");

        string[] author = withAuthor ? ["--author-key", In("author.pem")] : [];
        CliResult result = await Cli.RunAsync(
        [
            "idblock", "create", "--measurement", block.GetProperty("launchDigest").GetString()!, "--policy", block.GetProperty("policy").GetString()!,
            "--family-id", block.GetProperty("familyId").GetString()!, "--image-id", block.GetProperty("imageId").GetString()!,
            "--svn", block.GetProperty("guestSvn").GetRawText(), "--id-key", In("id.pem"), .. author,
            "--out-block", In("block"), "--out-auth", In("auth"), "--format", "json",
        ]);

        Assert.Equal(0, result.ExitCode);
        byte[] expected = await File.ReadAllBytesAsync(Vectors.Path("firmware", "fixtures", fixture), Ct);
        Assert.Equal(block.GetProperty("expect").GetProperty("bytes").GetString(), Convert.ToHexStringLower(Read("block")));
        Assert.Equal(expected, Read("auth"));
        Assert.Equal(block.GetProperty("expect").GetProperty("base64").GetString(), result.Json.GetProperty("id_block").GetProperty("base64").GetString());
        Assert.Equal(expected, result.Json.GetProperty("id_auth").GetProperty("base64").GetBytesFromBase64());
        Assert.Equal(withAuthor, result.Json.GetProperty("id_auth").TryGetProperty("author_key_digest", out _));
        Assert.Equal("valid", result.Json.GetProperty("signatures").GetString());
    }

    [Fact]
    public async Task Base64_IsOneLineOfTheSameBytes()
    {
        string[] common = ["idblock", "create", "--measurement", new string('1', 96), "--policy", "0x30000", "--id-key", In("id.pem")];
        Assert.Equal(0, (await Cli.RunAsync([.. common, "--out-block", In("block"), "--out-auth", In("auth")])).ExitCode);
        Assert.Equal(0, (await Cli.RunAsync([.. common, "--base64", "--out-block", In("block64"), "--out-auth", In("auth64")])).ExitCode);

        Assert.Equal(Convert.ToBase64String(Read("block")), await File.ReadAllTextAsync(In("block64"), Ct));
        Assert.Equal(Convert.ToBase64String(Read("auth")), await File.ReadAllTextAsync(In("auth64"), Ct));
    }

    [Theory]
    [InlineData("svsm-qemu-signed-author.igvm", 0, "spec,qemu-kvm,hyperv", "SIGNATURES HOLD")]
    [InlineData("tooling_bzimage_x64.igvm", 0, "spec,hyperv", "MATCHES the file when it is launched as spec or hyperv does")]
    [InlineData("idblock-ld-mismatch.igvm", 2, "", "REFUSED: ID_KEY.CURVE")]
    [InlineData("idblock-other-mask.igvm", 0, null, "The file has no ID block for SEV-SNP.")]
    public async Task IgvmFile_ShowsItsBlockAndTheProfilesItIsFor(string name, int code, string? profiles, string text)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        CliResult json = await Cli.RunAsync("idblock", "show", Vectors.Path("igvm", name), "--format", "json");
        CliResult plain = await Cli.RunAsync("idblock", "show", Vectors.Path("igvm", name));

        Assert.Equal(code, json.ExitCode);
        Assert.Equal(code, plain.ExitCode);
        Assert.Contains(text, plain.Out, StringComparison.Ordinal);
        string? actual = json.Json.TryGetProperty("launch_profiles", out JsonElement list) ? string.Join(',', list.EnumerateArray().Select(p => p.GetString())) : null;
        Assert.Equal(profiles, actual);
        Assert.Equal(profiles is not null, json.Json.TryGetProperty("id_block", out _));
    }

    [Theory]
    [InlineData("--measurement", "a34d854051100c72616d1ebda1ccee6cb03513af722e475de6e5cb6d193acd2e4aa22bf12e5fb03d660c869ec52202e9", "--policy", "0x3001f", 0)]
    [InlineData("--measurement", "a34d854051100c72616d1ebda1ccee6cb03513af722e475de6e5cb6d193acd2e4aa22bf12e5fb03d660c869ec52202e9", "--policy", "0x30000", 4)]
    [InlineData("--measurement", "b34d854051100c72616d1ebda1ccee6cb03513af722e475de6e5cb6d193acd2e4aa22bf12e5fb03d660c869ec52202e9", "--policy", "0x3001f", 4)]
    public async Task IgvmFile_IsComparedWithTheNamedLaunch(string first, string measurement, string second, string policy, int code)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        Assert.Equal(code, (await Cli.RunAsync("idblock", "show", Vectors.Path("igvm", "tooling_bzimage_x64.igvm"), first, measurement, second, policy)).ExitCode);
    }

    [Theory]
    [InlineData("malformed/idblock-duplicate.igvm", 2, "there may be one for SEV-SNP")]
    [InlineData("minimal-page-vmsa.igvm", 1, "an IGVM file is shown alone")]
    public async Task IgvmFileThatCannotBeShown_IsRefused(string name, int code, string text)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        string path = Vectors.Path(["igvm", .. name.Split('/')]);
        CliResult result = await Cli.RunAsync(code == 1 ? ["idblock", "show", path, path] : ["idblock", "show", path]);

        Assert.Equal(code, result.ExitCode);
        Assert.Contains(text, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("svsm-qemu-snp-tdp.igvm", "spec")]
    [InlineData("v2-minimal.igvm", "qemu-kvm")]
    [InlineData("vmsa-not-last.igvm", "qemu-kvm")]
    public async Task IgvmFile_IsSignedAndShown(string name, string profile)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        CliResult created = await Cli.RunAsync(
            "idblock", "create", "--igvm", Vectors.Path("igvm", name), "--profile", profile, "--svn", "3", "--id-key", In("id.pem"), "--author-key", In("author.pem"),
            "--out-igvm", In("signed.igvm"), "--out-block", In("block"), "--out-auth", In("auth"), "--format", "json");
        CliResult shown = await Cli.RunAsync("idblock", "show", In("signed.igvm"), "--format", "json");

        Assert.Equal((0, 0), (created.ExitCode, shown.ExitCode));
        Assert.Equal(created.Out, shown.Out);
        Assert.Contains(profile, shown.Json.GetProperty("launch_profiles").EnumerateArray().Select(p => p.GetString()));
        Assert.Equal("valid", shown.Json.GetProperty("signatures").GetString());
        Assert.Equal(3u, shown.Json.GetProperty("id_block").GetProperty("guest_svn").GetUInt32());
        Assert.Equal(Read("block"), shown.Json.GetProperty("id_block").GetProperty("base64").GetBytesFromBase64());
        Assert.Equal(Read("auth"), shown.Json.GetProperty("id_auth").GetProperty("base64").GetBytesFromBase64());
    }

    [Fact]
    public async Task SignedIgvmFile_MayReplaceTheOneItIsMadeFrom_ButIsNotSignedTwice()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        await File.WriteAllBytesAsync(In("guest.igvm"), await File.ReadAllBytesAsync(Vectors.Path("igvm", "svsm-qemu-snp-tdp.igvm"), Ct), Ct);
        string[] sign = ["idblock", "create", "--igvm", In("guest.igvm"), "--id-key", In("id.pem"), "--out-igvm", In("guest.igvm")];
        Assert.Equal(0, (await Cli.RunAsync(sign)).ExitCode);
        byte[] signed = Read("guest.igvm");

        CliResult again = await Cli.RunAsync(sign);

        Assert.Equal(1, again.ExitCode);
        Assert.Contains("no ID block for SEV-SNP yet", again.Error, StringComparison.Ordinal);
        Assert.Equal(signed, Read("guest.igvm"));
        Assert.DoesNotContain(_folder.GetFiles(), f => f.Extension == ".part");
    }

    [Theory]
    [InlineData("tdx-only.igvm", 2, "cannot be measured")]
    [InlineData("no-guest-policy.igvm", 2, "GUEST_POLICY")]
    public async Task IgvmFileThatCannotBeSigned_IsRefused(string name, int code, string text)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        CliResult result = await Cli.RunAsync("idblock", "create", "--igvm", Vectors.Path("igvm", name), "--id-key", In("id.pem"), "--out-igvm", In("out.igvm"));

        Assert.Equal(code, result.ExitCode);
        Assert.Contains(text, result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(In("out.igvm")));
    }

    [Fact]
    public async Task IgvmFileThatCannotBeWritten_LeavesNothingBehind()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        Directory.CreateDirectory(In("taken.igvm"));
        CliResult result = await Cli.RunAsync(
            "idblock", "create", "--igvm", Vectors.Path("igvm", "svsm-qemu-snp-tdp.igvm"), "--id-key", In("id.pem"), "--out-igvm", In("taken.igvm"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("cannot be written", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.GetFiles(), f => f.Extension == ".part");
    }

    [Fact]
    public async Task CutIgvmFile_IsMalformed()
    {
        await File.WriteAllBytesAsync(In("cut.igvm"), [.. "IGVM"u8], Ct);
        Assert.Equal(2, (await Cli.RunAsync("idblock", "show", In("cut.igvm"))).ExitCode);
    }

    [Fact]
    public async Task RefusedKey_WritesNothing()
    {
        CliResult result = await Cli.RunAsync(
            "idblock", "create", "--measurement", new string('1', 96), "--policy", "0x30000", "--id-key", In("id.pem"), "--author-key", In("p256.pem"),
            "--out-block", In("block"), "--out-auth", In("auth"));

        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Out);
        Assert.False(File.Exists(In("block")));
        Assert.False(File.Exists(In("auth")));
    }

    [Fact]
    public async Task PageThatCannotBeWritten_LeavesTheOldPair()
    {
        string[] create = ["idblock", "create", "--measurement", new string('1', 96), "--policy", "0x30000", "--id-key", In("id.pem"), "--out-block"];
        Assert.Equal(0, (await Cli.RunAsync([.. create, In("block"), "--out-auth", In("auth")])).ExitCode);
        byte[] old = Read("block");

        CliResult result = await Cli.RunAsync([.. create, In("block"), "--svn", "9", "--out-auth", In("nowhere/auth")]);
        CliResult onNew = await Cli.RunAsync([.. create, In("new"), "--out-auth", In("nowhere/auth")]);

        Assert.Equal((1, 1), (result.ExitCode, onNew.ExitCode));
        Assert.Contains("nowhere/auth: cannot be written", result.Error, StringComparison.Ordinal);
        Assert.Equal(old, Read("block"));
        Assert.False(File.Exists(In("new")));
    }

    [Fact]
    public async Task DiskThatIsFull_LeavesNoHalfOfAPair()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "this system has no /dev/full");
        await File.WriteAllTextAsync(In("block"), "old", Ct);

        CliResult result = await Cli.RunAsync(
            "idblock", "create", "--measurement", new string('1', 96), "--policy", "0x30000", "--id-key", In("id.pem"), "--out-block", In("block"), "--out-auth", "/dev/full");

        Assert.Equal((1, ""), (result.ExitCode, result.Out));
        Assert.Empty(Read("block"));
        Assert.True(File.Exists("/dev/full"));
    }

    [Theory]
    [InlineData("same", "./same")]
    [InlineData("id.pem", "auth")]
    [InlineData("block", "author.pem")]
    public async Task OutputOverAnotherOrOverAKey_IsExitOne(string block, string auth)
    {
        byte[] key = Read("id.pem");

        CliResult result = await Cli.RunAsync(
            "idblock", "create", "--measurement", new string('1', 96), "--policy", "0x30000", "--id-key", In("id.pem"), "--author-key", In("author.pem"),
            "--out-block", In(block), "--out-auth", In(auth));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("must name different files", result.Error, StringComparison.Ordinal);
        Assert.Equal(key, Read("id.pem"));
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private byte[] Read(string name) => File.ReadAllBytes(In(name));
}

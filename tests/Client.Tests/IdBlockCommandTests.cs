using System.Text.Json;
using Verifier.TestKit;

namespace Verifier.Client.Tests;

/// <summary>Files that <c>idblock create</c> writes; transcripts cannot look into files.</summary>
public sealed class IdBlockCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("verifierctl-");

    public IdBlockCommandTests() => SigningKeys.WriteTo(_folder);

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("rfc6979_id_auth.bin", true)]
    [InlineData("rfc6979_id_auth_noauthor.bin", false)]
    public async Task Create_WritesTheVectorByteForByte(string fixture, bool withAuthor)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        using JsonDocument manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(Vectors.Path("firmware", "manifest.json"), TestContext.Current.CancellationToken));
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
        byte[] expected = await File.ReadAllBytesAsync(Vectors.Path("firmware", "fixtures", fixture), TestContext.Current.CancellationToken);
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

        Assert.Equal(Convert.ToBase64String(Read("block")), await File.ReadAllTextAsync(In("block64"), TestContext.Current.CancellationToken));
        Assert.Equal(Convert.ToBase64String(Read("auth")), await File.ReadAllTextAsync(In("auth64"), TestContext.Current.CancellationToken));
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

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private byte[] Read(string name) => File.ReadAllBytes(In(name));
}

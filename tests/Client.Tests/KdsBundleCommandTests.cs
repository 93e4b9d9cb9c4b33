using SevSnp.Certificates;
using Verifier.TestKit;
using Verifier.TestKit.Kds;

namespace Verifier.Client.Tests;

/// <summary>A bundle from where AMD's key service is, to where it is not.</summary>
public sealed class KdsBundleCommandTests : IDisposable
{
    private static readonly VirtualAmd Amd = VirtualAmd.Milan;

    private readonly string _folder = Directory.CreateTempSubdirectory("verifierctl-kds-").FullName;
    private readonly SimulatedKey _vcek = Amd.Vcek();

    private string Bundle => Path.Combine(_folder, "kds.pem");

    private string Root => Path.Combine(_folder, "root.der");

    public KdsBundleCommandTests() => File.WriteAllBytes(Root, Amd.Ark.Certificate);

    [Fact]
    public async Task Export_FetchesTheInventoryAndIsDeterministic()
    {
        await using FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(Amd, _vcek);
        string inventory = Inventory(_vcek);

        CliResult first = await ExportAsync(kds, inventory, Bundle);
        CliResult again = await ExportAsync(kds, inventory, Path.Combine(_folder, "again.pem"));

        Assert.Equal((0, 0), (first.ExitCode, again.ExitCode));
        Assert.Equal(await File.ReadAllBytesAsync(Bundle, Ct), await File.ReadAllBytesAsync(Path.Combine(_folder, "again.pem"), Ct));
        CliResult verified = await Cli.RunAsync("kds", "bundle", "verify", Bundle, "--unsafe-extra-root", Root, "--format", "json");
        Assert.Equal(0, verified.ExitCode);
        Assert.Equal(5, verified.Json.GetProperty("entries").GetArrayLength());
        Assert.Equal(0, verified.Json.GetProperty("findings").GetArrayLength());

        // Whoever trusts AMD alone refuses it.
        Assert.Equal(3, (await Cli.RunAsync("kds", "bundle", "verify", Bundle)).ExitCode);
    }

    [Fact]
    public async Task Export_ThatMissesAChip_GoesOnLater()
    {
        SimulatedKey late = Amd.Vcek(SimulatedChip.Named(Amd.Product, "late"));
        await using FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(Amd, _vcek);
        string inventory = Inventory(_vcek, late);
        CliResult first = await ExportAsync(kds, inventory, Bundle);
        Assert.Equal(5, first.ExitCode);
        Assert.Contains("Missing", first.Out, StringComparison.Ordinal);

        kds.Publish(Amd, late);
        kds.ResetCounts();
        CliResult second = await ExportAsync(kds, inventory, Bundle, "--certs", Bundle);

        Assert.Equal(0, second.ExitCode);
        Assert.Equal(0, kds.RequestsOf(KdsPublishing.VcekPath(_vcek.Chip, _vcek.Tcb)));
        Assert.Equal(1, kds.RequestsOf(KdsPublishing.VcekPath(late.Chip, late.Tcb)));
    }

    [Fact]
    public async Task Import_MergesAndKeepsTheNewerList()
    {
        string target = Path.Combine(_folder, "service.pem");
        Write(target, [Amd.Ark.Certificate, Amd.Ask.Certificate], 9);
        Write(Bundle, [Amd.Ark.Certificate, Amd.Ask.Certificate, _vcek.Certificate], 3);

        CliResult imported = await Cli.RunAsync("kds", "bundle", "import", Bundle, "--into", target, "--unsafe-extra-root", Root, "--format", "json");

        Assert.Equal(0, imported.ExitCode);
        Assert.True(KdsBundle.TryParse(await File.ReadAllBytesAsync(target, Ct), out KdsBundle? merged, out _));
        Assert.Equal(3, merged.Certificates.Count);
        Assert.Equal(9, Assert.Single(merged.RevocationLists).Number);
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("export")]
    public async Task EmptyDirectory_IsNoBundleInWhichAllIsWell(string command)
    {
        string empty = Directory.CreateDirectory(Path.Combine(_folder, "empty")).FullName;
        string[] arguments = command == "verify" ? [empty] : [Bundle, "--certs", empty];

        CliResult refused = await Cli.RunAsync(["kds", "bundle", command, .. arguments, "--unsafe-extra-root", Root]);

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("holds no file", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Bundle));
    }

    [Fact]
    public async Task T15_Import_OfAForgedEntryChangesNothing()
    {
        SimulatedKey forged = VirtualAmd.Create(Amd.Product).Vcek();
        string target = Path.Combine(_folder, "service.pem");
        Write(target, [Amd.Ark.Certificate, Amd.Ask.Certificate], 9);
        byte[] before = await File.ReadAllBytesAsync(target, Ct);
        Write(Bundle, [forged.Certificate], null);

        CliResult refused = await Cli.RunAsync("kds", "bundle", "import", Bundle, "--into", target, "--unsafe-extra-root", Root);

        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("Vcek Milan,", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(target, Ct));
    }

    [Theory]
    [InlineData("Milan,00,blSPL=1", "line 1: the chip id")]
    [InlineData("Rome,00,blSPL=1", "line 1: the product")]
    public async Task Export_OfAWrongInventory_NamesTheLine(string line, string fault)
    {
        string inventory = Path.Combine(_folder, "chips.csv");
        await File.WriteAllTextAsync(inventory, line, Ct);

        CliResult refused = await Cli.RunAsync("kds", "bundle", "export", Bundle, "--inventory", inventory);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(fault, refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Bundle));
    }

    [Fact]
    public async Task Show_TellsWhatIsThereAndWhatIsNoBundleIsMalformed()
    {
        Write(Bundle, [Amd.Ark.Certificate, Amd.Ask.Certificate, _vcek.Certificate], 3);
        CliResult shown = await Cli.RunAsync("kds", "bundle", "show", Bundle);
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("Vcek Milan,", shown.Out, StringComparison.Ordinal);
        Assert.Contains("number 3", shown.Out, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Bundle, "nothing", Ct);
        Assert.Equal(2, (await Cli.RunAsync("kds", "bundle", "show", Bundle)).ExitCode);
        await File.WriteAllTextAsync(Bundle, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", Ct);
        Assert.Equal(2, (await Cli.RunAsync("kds", "bundle", "show", Bundle)).ExitCode);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static AmdCertificate Certificate(byte[] der) => CertificateBundle.FromDer([der]).Certificates[0];

    private static void Write(string file, byte[][] certificates, int? list)
    {
        RevocationListRecipe recipe = Amd.RevocationList();
        recipe = recipe with { Extensions = [.. recipe.Extensions.SkipLast(1), new(Oids.CrlNumber, Der.Number(list ?? 0))] };
        RevocationList[] lists = list is null ? [] : [CertificateBundle.Empty.WithRevocationLists([recipe.Mint()]).RevocationLists[0]];
        File.WriteAllText(file, KdsBundle.Of(certificates.Select(Certificate), lists).ToPem());
    }

    private string Inventory(params SimulatedKey[] keys)
    {
        string file = Path.Combine(_folder, "chips.csv");
        File.WriteAllLines(file, keys.Select(k => KdsBundle.ChipOf(Certificate(k.Certificate))!.ToLine()));
        return file;
    }

    private Task<CliResult> ExportAsync(FakeKds kds, string inventory, string file, params string[] more) => Cli.RunAsync(
        ["kds", "bundle", "export", file, "--inventory", inventory, "--kds", kds.BaseAddress.ToString(), "--spacing", "0", "--unsafe-extra-root", Root, .. more]);
}

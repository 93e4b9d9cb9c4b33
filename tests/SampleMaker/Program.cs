using System.Globalization;
using Verifier.SampleMaker;
using Verifier.TestKit;

// usage: SampleMaker [FOLDER]           the set of samples/
//        SampleMaker chips FOLDER N     N chips of one simulated AMD, a folder for each, and root.pem; for verifierctl bench --evidence FOLDER
if (args is ["chips", string chips, string count])
{
    VirtualAmd amd = VirtualAmd.Create(SevSnp.Launch.ProductLine.Milan, Validity.Years(2020, 2070));
    byte[] measurement = EvidenceFolders.Write(amd, chips, int.Parse(count, CultureInfo.InvariantCulture), "chip");
    await File.WriteAllTextAsync(Path.Combine(chips, "root.pem"), Pem.Certificates(amd.Ark.Certificate));
    Console.WriteLine($"{count} chips in {chips}; launch measurement of all: {Convert.ToHexStringLower(measurement)}");
    return;
}

string folder = args.Length > 0 ? args[0] : RepositoryRoot.Combine("samples");
Directory.CreateDirectory(folder);
foreach ((string name, byte[] content) in SampleSet.Make())
{
    await File.WriteAllBytesAsync(Path.Combine(folder, name), content);
    Console.WriteLine($"{Path.Combine(folder, name)}: {content.Length} bytes");
}

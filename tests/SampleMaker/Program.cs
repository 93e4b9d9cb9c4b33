using Verifier.SampleMaker;
using Verifier.TestKit;

string folder = args.Length > 0 ? args[0] : RepositoryRoot.Combine("samples");
Directory.CreateDirectory(folder);
foreach ((string name, byte[] content) in SampleSet.Make())
{
    await File.WriteAllBytesAsync(Path.Combine(folder, name), content);
    Console.WriteLine($"{Path.Combine(folder, name)}: {content.Length} bytes");
}

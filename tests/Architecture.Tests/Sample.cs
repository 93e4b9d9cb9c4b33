namespace Verifier.Architecture.Tests;

/// <summary>Small sources that break a rule, to show that the rule can fail.</summary>
internal static class Sample
{
    /// <summary>Compiles files of the library, given as folder and text, next to the real one.</summary>
    public static IReadOnlyList<Use> Library(params (string Folder, string Text)[] files) => Read("SevSnp.Sample", "src/SevSnp", files, web: false);

    public static IReadOnlyList<Use> Service(params (string Folder, string Text)[] files) => Read("Verifier.Sample", "src/Verifier", files, web: true);

    public static IReadOnlyList<Use> Client(params (string Folder, string Text)[] files) => Read("Client.Sample", "src/Client", files, web: false);

    private static IReadOnlyList<Use> Read(string assembly, string root, (string Folder, string Text)[] files, bool web) =>
        NameReader.Read(assembly, files.Select((f, i) => new SourceFile($"{root}/{f.Folder}{(f.Folder.Length > 0 ? "/" : "")}Sample{i}.cs", f.Text)), web);
}

using System.Text.Json;

namespace Verifier.TestKit;

/// <summary>The simulated evidence that is part of the repository, folder <c>samples</c>.</summary>
public static class Samples
{
    private static readonly Lazy<JsonDocument> Index = new(() => JsonDocument.Parse(Read("sample.json")));

    /// <summary>Launch measurement of the sample, 96 hexadecimal digits.</summary>
    public static string Measurement => Index.Value.RootElement.GetProperty("measurement").GetString()!;

    /// <summary>REPORT_DATA of the sample, 128 hexadecimal digits.</summary>
    public static string ReportData => Index.Value.RootElement.GetProperty("report_data").GetString()!;

    /// <summary>The path of one file.</summary>
    /// <param name="name">For example <c>report.bin</c>.</param>
    /// <returns>The path.</returns>
    public static string Path(string name) => RepositoryRoot.Combine("samples", name);

    /// <summary>Reads one file.</summary>
    /// <param name="name">For example <c>report.bin</c>.</param>
    /// <returns>Its content.</returns>
    public static byte[] Read(string name) => File.ReadAllBytes(Path(name));
}

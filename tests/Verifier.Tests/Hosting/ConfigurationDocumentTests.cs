using System.Collections;
using System.Globalization;
using Verifier.Service.Hosting;
using Verifier.TestKit;

namespace Verifier.Tests.Hosting;

/// <summary>docs/configuration.md against the options classes.</summary>
public sealed class ConfigurationDocumentTests
{
    [Fact]
    public void Document_HasEverySettingWithItsDefault_AndNoOther()
    {
        (string, string)[] documented = [.. Rows().Select(c => (c[0].Trim('`'), c[2].Trim('`')))];
        (string, string)[] real = [.. SettingsSchema.Sections.SelectMany(SettingsSchema.Of).Select(s => (s.Key, Shown(s.Default)))];

        Assert.Equal(real.Order(), documented.Order());
        Assert.Contains(("Server:Port", "7443"), real);
    }

    [Fact]
    public void EverySetting_HasUnitAndMeaning() => Assert.All(Rows(), cells =>
    {
        Assert.Equal(5, cells.Length);
        Assert.NotEqual("", cells[1]);
        Assert.NotEqual("", cells[4]);
    });

    private static IEnumerable<string[]> Rows() => File.ReadLines(RepositoryRoot.Combine("docs", "configuration.md"))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Split('|')[1..^1].Select(cell => cell.Trim()).ToArray());

    private static string Shown(object? value) => value switch
    {
        null or "" => "none",
        bool flag => flag ? "true" : "false",
        string text => text,
        IEnumerable list => list.Cast<object>().Any() ? "some" : "none",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}

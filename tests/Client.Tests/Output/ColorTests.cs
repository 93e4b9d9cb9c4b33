using Verifier.TestKit;

namespace Verifier.Client.Tests.Output;

public sealed class ColorTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Color_IsThereOnlyWhenAskedFor(bool useColor)
    {
        CliResult result = await Cli.RunAsync(["inspect", "report", Samples.Path("report.bin")], useColor);

        Assert.Equal(useColor, result.Out.Contains('\u001b', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Digests_StandOnOneLine()
    {
        CliResult result = await Cli.RunAsync("inspect", "report", Samples.Path("report.bin"));

        Assert.Contains(result.Out.Split('\n'), l => l.StartsWith("  report data", StringComparison.Ordinal) && l.Length > 128);
    }
}

using System.Text.Json;
using Verifier.Client.Output;
using Verifier.Client.Tests.Online;
using Verifier.Client.Views;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests.Output;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain text: 100 % [red]ok[/]", "plain text: 100 % [red]ok[/]")]
    [InlineData("Müller 東京", "Müller 東京")]
    [InlineData("a\r\nb", "a\\u{d}\\u{a}b")]
    [InlineData("\u001b[2J", "\\u{1b}[2J")]
    [InlineData("\u009b31m", "\\u{9b}31m")]
    [InlineData("a\u202eb", "a\\u{202e}b")]
    [InlineData("a\u2066b\u200bc", "a\\u{2066}b\\u{200b}c")]
    [InlineData("a\u2028b\u0000", "a\\u{2028}b\\u{0}")]
    [InlineData(null, "")]
    public void T104_WhatIsNotPlainlyVisible_IsEscaped(string? text, string safe) => Assert.Equal(safe, SafeText.Of(text));

    [Fact]
    public void T104_LoneSurrogate_IsEscaped() => Assert.Equal("\\u{fffd}", SafeText.Of(((char)0xD800).ToString()));

    [Fact]
    public void T104_LongText_IsCut() => Assert.True(SafeText.Of(new string('x', 1_000_000)).Length <= SafeText.MaxLength + 3);

    [Theory]
    [InlineData(OutputFormat.Text)]
    [InlineData(OutputFormat.Json)]
    public void T104_HostileAnswer_CannotForgeLinesOrColours(object format)
    {
        const string Hostile = "x\r\nACCEPTED\u001b[32m\u202e[green]y[/]";
        V1.VerifyResponse response = Verdicts.Refused();
        V1.AttestationVerdict verdict = response.Verdict;
        verdict.Summary = verdict.Policy = verdict.Endorsement.CspId = verdict.Endorsement.Kind = verdict.Bound.Scheme = Hostile;
        verdict.Warnings[0].Id = verdict.Warnings[0].Text = Hostile;
        verdict.Checks[0].Id = verdict.Checks[0].Detail = Hostile;
        verdict.Checks[0].Status = V1.Check.Types.Status.Failed;
        verdict.Reference = new V1.MatchedReference { Name = Hostile, Image = Hostile, Version = Hostile, Profile = Hostile };
        verdict.NotCovered.Add(Hostile);
        using StringWriter output = new() { NewLine = "\n" };

        VerdictOutput.Write(new CliContext(output, TextWriter.Null, UseColor: false, TimeProvider.System), ServiceViews.Of(response), (OutputFormat)format);

        string text = output.ToString();
        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain('\u202e', text);
        Assert.DoesNotContain('\r', text);
        Assert.DoesNotContain(text.Split('\n'), l => l.StartsWith("ACCEPTED", StringComparison.Ordinal));
        if ((OutputFormat)format == OutputFormat.Json)
        {
            Assert.Equal(Hostile, JsonDocument.Parse(text).RootElement.GetProperty("summary").GetString());
        }
        else
        {
            Assert.Contains("[green]y[/]", text, StringComparison.Ordinal);
        }
    }
}

using System.Globalization;
using SevSnp.Checks;

namespace SevSnp.Tests.Checks;

public sealed class CheckTableTests
{
    private static CheckResult[] AllPassed => [.. CheckIds.All().Select(id => CheckResult.Passed(id))];

    public static TheoryData<CheckId> Ids => [.. CheckIds.All()];

    [Fact]
    public void Table_HasEachCheckOnceInOrder() => Assert.Equal(CheckIds.All(), CheckTable.All.Select(rule => rule.Id));

    [Fact]
    public void Table_NumbersTheChecksFromOneTo48() =>
        Assert.Equal(Enumerable.Range(1, 48).Select(n => string.Create(CultureInfo.InvariantCulture, $"C{n}")), CheckTable.All.Select(rule => rule.Number));

    [Fact]
    public void Table_StagesFollowEachOther() =>
        Assert.Equal(CheckTable.All.Select(rule => rule.Stage).Order(), CheckTable.All.Select(rule => rule.Stage));

    // Each one here is a way to accept without the check: none may be added without being thought about.
    [Fact]
    public void Table_MarksExactlyTheseAsOptional() => Assert.Equal(
        [15, 18, 22, 23, 24, 25, 26, 27, 30, 32, 33, 34, 35, 36, 37, 39, 40, 41, 42, 43, 45, 46, 47, 48],
        CheckTable.All.Where(rule => rule.IsOptional).Select(rule => (int)rule.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Row_SpeaksInWholeSentences(CheckId id)
    {
        CheckRule rule = CheckTable.Of(id);
        Assert.All([rule.MustHold, rule.Why, rule.Remedy], text => Assert.EndsWith(".", text, StringComparison.Ordinal));
        Assert.All([rule.Title, rule.Source], text => Assert.False(text.EndsWith('.') || string.IsNullOrWhiteSpace(text)));
        Assert.Equal(id.WireName(), rule.Name);
    }

    [Fact]
    public void Of_NoCheck_IsADefect() => Assert.Throws<KeyNotFoundException>(() => CheckTable.Of(CheckId.None));

    [Fact]
    public void AllPassed_Holds() => Assert.True(CheckTable.Holds(AllPassed));

    [Fact]
    public void EmptyList_DoesNotHold() => Assert.False(CheckTable.Holds([]));

    [Theory]
    [MemberData(nameof(Ids))]
    public void MissingCheck_DoesNotHold(CheckId id) => Assert.False(CheckTable.Holds([.. AllPassed.Where(c => c.Id != id)]));

    [Theory]
    [MemberData(nameof(Ids))]
    public void DoubledCheck_DoesNotHold(CheckId id) => Assert.False(CheckTable.Holds([.. AllPassed, CheckResult.Passed(id)]));

    [Theory]
    [MemberData(nameof(Ids))]
    public void CheckInPlaceOfAnother_DoesNotHold(CheckId id)
    {
        CheckId other = id == CheckId.ReportLengthIsExact ? CheckId.EvidenceIsFresh : CheckId.ReportLengthIsExact;
        Assert.False(CheckTable.Holds([.. AllPassed.Where(c => c.Id != id), CheckResult.Passed(other)]));
    }

    [Fact]
    public void ForeignCheck_DoesNotHold()
    {
        Assert.False(CheckTable.Holds([.. AllPassed, CheckResult.Passed(CheckId.None)]));
        Assert.False(CheckTable.Holds([.. AllPassed, CheckResult.Passed((CheckId)49)]));
    }

    [Theory]
    [InlineData(CheckId.None)]
    [InlineData((CheckId)49)]
    [InlineData((CheckId)64)]
    [InlineData((CheckId)65)]
    [InlineData((CheckId)(-1))]
    [InlineData((CheckId)int.MinValue)]
    [InlineData((CheckId)int.MaxValue)]
    public void ForeignCheckInPlaceOfTheFirstOrLast_DoesNotHold(CheckId foreign)
    {
        Assert.False(CheckTable.Holds([CheckResult.Passed(foreign), .. AllPassed.Skip(1)]));
        Assert.False(CheckTable.Holds([.. AllPassed.SkipLast(1), CheckResult.Passed(foreign)]));
    }

    [Fact]
    public void FirstRows_HoldByThemselves_AndWithNoOther()
    {
        CheckResult[] gates = [.. AllPassed.Where(c => c.Id <= CheckId.ChipIdMatchesCertificate)];
        Assert.True(CheckTable.HoldsTo(CheckId.ChipIdMatchesCertificate, gates));
        Assert.False(CheckTable.HoldsTo(CheckId.ChipIdMatchesCertificate, [.. gates.SkipLast(1)]));
        Assert.False(CheckTable.HoldsTo(CheckId.ChipIdMatchesCertificate, [.. gates.SkipLast(1), CheckResult.Passed(CheckId.ChipIdIsNotMasked)]));
        Assert.False(CheckTable.HoldsTo(CheckId.ChipIdMatchesCertificate, [.. gates, CheckResult.Passed(CheckId.ChipIdIsNotMasked)]));
        Assert.False(CheckTable.HoldsTo(CheckId.ChipIdMatchesCertificate, [.. gates.SkipLast(1), gates[0]]));
        Assert.False(CheckTable.HoldsTo(CheckId.ChipIdMatchesCertificate, [.. gates.SkipLast(1), CheckResult.NotEvaluated(CheckId.ChipIdMatchesCertificate, "")]));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void OneStatus_DecidesAsTheTableSays(CheckId id)
    {
        bool HoldsWith(CheckStatus status) => CheckTable.Holds([.. AllPassed.Select(c => c.Id == id ? c with { Status = status } : c)]);

        Assert.False(HoldsWith(CheckStatus.Failed));
        Assert.False(HoldsWith(CheckStatus.NotEvaluated));
        Assert.False(HoldsWith((CheckStatus)17));
        Assert.True(HoldsWith(CheckStatus.Passed));
        Assert.Equal(CheckTable.Of(id).IsOptional, HoldsWith(CheckStatus.NotRequired));
    }

    [Fact]
    public void DefaultStatus_IsFailed() => Assert.Equal(CheckStatus.Failed, default(CheckStatus));
}

using System.Text.Json;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.References;
using SevSnp.Reports;
using SevSnp.Verification;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using AttestationVerdict = SevSnp.Judgement.AttestationVerdict;
using LibraryBinding = SevSnp.Policies.ReportDataBinding;
using ReferenceValue = SevSnp.References.ReferenceValue;

namespace Verifier.EndToEnd.Tests.Reports;

/// <summary>
/// Each real report goes through the library, the running service and the command line, under two policies. All must say what
/// <see cref="VerdictRow"/> says, and agree check by check.
/// </summary>
public sealed class ThreeWaysTests : IAsyncLifetime
{
    private const string Csp = "CN=cc-us-east-2.amazonaws.com";

    private RunningService _byDefault = null!;
    private RunningService _permissive = null!;

    public static TheoryData<string> Names => [.. Vectors.SnpReportNames];

    public async ValueTask InitializeAsync()
    {
        _byDefault = await RunningService.StartAsync();
        _permissive = await RunningService.StartAsync();
        PolicyRules rules = new()
        {
            Constraints = new() { MinReportVersion = 2, Vmpls = new() { Values = { 0, 1, 2, 3 } } },
            CspIds = { Csp },
            UnsafeAllowDebug = true,
            UnsafeAllowAnyMeasurement = true,
            UnsafeAllowUnboundReport = true,
        };
        await _permissive.Policies.ApplyPolicyAsync(
            new() { Policy = new() { Name = "tenants/default/policies/default", Rules = rules } }, RunningService.Registrar, cancellationToken: TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _byDefault.DisposeAsync();
        await _permissive.DisposeAsync();
    }

    [Fact]
    public void Table_NamesEveryReport()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        Assert.Equal(Vectors.SnpReportNames.Order(StringComparer.Ordinal), VerdictRow.All.Select(r => r.Vector).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task DefaultPolicy_GivesTheTablesVerdictThreeTimes(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        SnpVector vector = Vectors.SnpByName(name);
        byte[] reportData = Convert.FromHexString(vector.Report!.ReportData);
        string[] expected = Row(name).FailedByDefault;

        await _byDefault.RegisterAsync("real", Convert.FromHexString(vector.Report.Measurement));
        IReadOnlyList<Line> library = OfLibrary(vector, AppraisalPolicy.Default, Binding(reportData), isRegistered: true);
        IReadOnlyList<Line> service = await OfServiceAsync(_byDefault, vector, reportData);
        IReadOnlyList<Line> tool = await OfToolAsync(
            vector, VerdictRow.ExitCode(expected), "--measurement", vector.Report.Measurement, "--report-data", vector.Report.ReportData);

        AssertAgree(expected, library, service, tool);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task PermissivePolicy_GivesTheTablesVerdictThreeTimes(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        SnpVector vector = Vectors.SnpByName(name);
        string[] expected = Row(name).FailedByPermissive;
        AppraisalPolicy policy = new()
        {
            Constraints = new SevSnp.Policies.Constraints
            {
                MinReportVersion = 2,
                Vmpls = new HashSet<uint> { 0, 1, 2, 3 },
                CspIds = new HashSet<string>(StringComparer.Ordinal) { Csp },
            },
            UnsafeAllowDebug = true,
            UnsafeAllowAnyMeasurement = true,
            UnsafeAllowUnboundReport = true,
        };

        IReadOnlyList<Line> library = OfLibrary(vector, policy, binding: null, isRegistered: false);
        IReadOnlyList<Line> service = await OfServiceAsync(_permissive, vector, reportData: null);
        IReadOnlyList<Line> tool = await OfToolAsync(
            vector,
            VerdictRow.ExitCode(expected),
            "--min-report-version", "2", "--vmpl", "0", "--vmpl", "1", "--vmpl", "2", "--vmpl", "3", "--csp", Csp,
            "--unsafe-allow-debug", "--any-measurement-unsafe", "--unsafe-skip-report-data");

        AssertAgree(expected, library, service, tool);
    }

    // The three name the reference value differently, which is all that may differ.
    private static void AssertAgree(string[] expected, IReadOnlyList<Line> library, IReadOnlyList<Line> service, IReadOnlyList<Line> tool)
    {
        Assert.Equal(CheckIds.All().Select(id => id.WireName()), library.Select(l => l.Id));
        Assert.Equal(expected, library.Where(l => l.Status == "failed").Select(l => l.Id));
        Assert.Equal(library.Select(Line.Comparable), service.Select(Line.Comparable));
        Assert.Equal(library.Select(Line.Comparable), tool.Select(Line.Comparable));
    }

    private static VerdictRow Row(string name) => VerdictRow.All.Single(r => r.Vector == name);

    private static LibraryBinding Binding(byte[] reportData)
    {
        Assert.True(LibraryBinding.TryExact(reportData, out LibraryBinding? binding, out string rule), rule);
        return binding;
    }

    private static IReadOnlyList<Line> OfLibrary(SnpVector vector, AppraisalPolicy policy, LibraryBinding? binding, bool isRegistered)
    {
        Assert.True(AttestationReport.TryParse(vector.ReadReport(), out AttestationReport? report, out EvidenceFault fault), fault.ToString());
        Assert.True(CertificateBundle.TryFromFile(vector.ReadLeaf(), out CertificateBundle? leaf, out _));
        Assert.True(CertificateBundle.TryFromFile(File.ReadAllBytes(vector.ChainPath), out CertificateBundle? chain, out _));
        ReferenceValue value = new()
        {
            Name = "tenants/default/referenceValues/real",
            Image = "coconut-svsm",
            Version = "2026.11",
            State = ReferenceState.Active,
            Measurements = [new ReferenceMeasurement(report.Measurement)],
        };
        MeasurementRecords records = new(report.Measurement, null, isRegistered ? [value] : []);
        Authentication authentication = Authenticator.Authenticate(new SevSnp.Verification.Evidence(report, leaf.With(chain)), TrustRoots.Amd, vector.VerificationTime);
        AttestationVerdict verdict = Judge.Decide(authentication, policy, new SevSnp.Policies.Expectations { Binding = binding }, records, vector.VerificationTime);
        return [.. verdict.Checks.Select(c => new Line(c.Id.WireName(), Line.Word(c.Status.ToString()), c.Expected ?? "", c.Actual ?? "", c.Detail ?? ""))];
    }

    private static async Task<IReadOnlyList<Line>> OfServiceAsync(RunningService service, SnpVector vector, byte[]? reportData)
    {
        service.Clock.Now = vector.VerificationTime;
        Assert.True(CertificateBundle.TryFromFile(vector.ReadLeaf(), out CertificateBundle? leaf, out _));
        Assert.True(CertificateBundle.TryFromFile(File.ReadAllBytes(vector.ChainPath), out CertificateBundle? chain, out _));
        VerifyRequest request = Requests.Verify(vector.ReadReport(), reportData, leaf.With(chain).Certificates.Select(c => c.Der.ToArray()));
        Contracts.V1.AttestationVerdict verdict = await service.VerifyAsync(request);
        Assert.Equal(vector.VerificationTime, verdict.JudgeTime.ToDateTimeOffset());
        return [.. verdict.Checks.Select(c => new Line(c.Id, Line.Word(c.Status.ToString()), c.Expected, c.Actual, c.Detail))];
    }

    private static async Task<IReadOnlyList<Line>> OfToolAsync(SnpVector vector, int exitCode, params string[] options)
    {
        (int code, string output, string error) = await CommandLineTool.RunAsync(
        [
            "verify", "--offline", "--report", vector.ReportPath, vector.IsVlek ? "--vlek" : "--vcek", vector.LeafPath,
            "--chain", vector.ChainPath, "--at", vector.VerificationTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture), "--format", "json", .. options,
        ]);
        Assert.True(exitCode == code, $"exit code {code}, expected {exitCode}: {error}{output}");
        using JsonDocument json = JsonDocument.Parse(output);
        return [.. json.RootElement.GetProperty("checks").EnumerateArray().Select(Line.Of)];
    }

    /// <summary>One check as text.</summary>
    private sealed record Line(string Id, string Status, string Expected, string Actual, string Detail)
    {
        public static Line Of(JsonElement check) => new(Text(check, "id"), Text(check, "status"), Text(check, "expected"), Text(check, "actual"), Text(check, "detail"));

        public static string Comparable(Line line) => line.Id == "MEASUREMENT_IS_REGISTERED"
            ? $"{line.Id} {line.Status}"
            : $"{line.Id} {line.Status}: {line.Expected} / {line.Actual} / {line.Detail}";

        // NotRequired, as code spells it, is not_required in JSON.
        public static string Word(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

        private static string Text(JsonElement check, string member) =>
            check.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
    }
}

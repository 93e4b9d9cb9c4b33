using Google.Rpc;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Service.Kds;
using Verifier.Service.Rpc.Errors;
using Verifier.TestKit;
using Verifier.Tests.Hosting;
using Verifier.Tests.Tokens;

namespace Verifier.Tests.Rpc;

/// <summary>docs/errors.md, row by row. T103: no text, reason or detail tells more than the table says.</summary>
public sealed class ErrorTableTests
{
    private static readonly string[] Secrets = ["10.0.0.1", "kds.internal", "/etc/verifier", "appendfsync", "Exception", "   at ", TestService.Token];

    // Cases that take a service of their own making.
    private static readonly Dictionary<string, Func<Task>> Alone = new()
    {
        ["log-entry-unknown"] = () => ErrorSituations.OfTheLogAsync(l => l.GetInclusionProofAsync(new GetInclusionProofRequest()).ResponseAsync),
        ["log-shorter"] = () => ErrorSituations.OfTheLogAsync(l => l.GetConsistencyProofAsync(new GetConsistencyProofRequest { OldSize = 5 }).ResponseAsync),
        ["not-ready"] = ErrorSituations.NotReadyAsync,
        ["challenge-many"] = ErrorSituations.TooManyChallengesAsync,
        ["create-token-signed"] = IdentityErrors.RefusedAsync,
        ["create-role-missing"] = IdentityErrors.RoleMissingAsync,
        ["issuer-away"] = IdentityErrors.IssuerAwayAsync,
        ["token-exposed"] = IdentityErrors.ExposedAsync,
        ["file-large"] = IgvmCalls.TooLargeAsync,
        ["file-busy"] = IgvmCalls.BusyAsync,
        ["firmware-large"] = FirmwareCalls.TooLargeAsync,
        ["firmware-busy"] = FirmwareCalls.BusyAsync,
        ["overloaded"] = AdmissionSituations.OverloadedAsync,
        ["caller-share"] = AdmissionSituations.CallerShareAsync,
        ["tenant-share"] = AdmissionSituations.TenantShareAsync,
        ["deadline-short"] = AdmissionSituations.DeadlineTooShortAsync,
        ["result-keyless"] = TokenCalls.NoKeyAsync,
    };

    public static TheoryData<string> Cases => [.. ErrorTable.Rows.Select(r => r.Case)];

    [Fact]
    public void Table_HasARowForEachCase_AndNoOther()
    {
        string[] cases = [.. ErrorCases.Verify.Keys, .. ErrorCases.Create.Keys, .. ErrorCases.Calls.Keys, .. ErrorSituations.All.Keys, .. IgvmCalls.Spoilt.Keys, .. FirmwareCalls.Spoilt.Keys, .. TokenCalls.Spoilt.Keys, .. Alone.Keys];

        Assert.Equal(cases.Order(StringComparer.Ordinal), ErrorTable.Rows.Select(r => r.Case).Order(StringComparer.Ordinal));
        Assert.True(cases.Length >= 30);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task T103_BadRequest_IsAnsweredAsTheTableSays(string name)
    {
        ErrorRow row = ErrorTable.Rows.Single(r => r.Case == name);

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => RunAsync(name));

        Google.Rpc.Status status = error.GetRpcStatus() ?? throw new InvalidOperationException($"No details: {error.Status}");
        ErrorInfo info = status.GetDetail<ErrorInfo>()!;
        Assert.Equal((row.Status, row.Reason, "verifier.v1"), (Name(error.StatusCode), info.Reason, info.Domain));
        Assert.Equal((int)error.StatusCode, status.Code);
        Assert.Equal(error.Status.Detail, status.Message);
        Assert.Equal(row.Text, row.IsBeginning ? status.Message[..row.Text.Length] : status.Message);
        Assert.Equal(row.Violation, status.GetDetail<BadRequest>()?.FieldViolations[0].Reason);
        Assert.Equal(error.StatusCode == StatusCode.Unavailable || info.Reason == "KDS_CALLER_LIMIT" || info.Reason.StartsWith("TOO_MANY_", StringComparison.Ordinal) || AdmissionSituations.IsLoad(info.Reason), status.GetDetail<RetryInfo>()?.RetryDelay.ToTimeSpan() > TimeSpan.Zero);
        Assert.DoesNotContain(Secrets, s => status.ToString().Contains(s, StringComparison.Ordinal));
        Assert.Matches("^[A-Z][A-Z0-9_]+[A-Z0-9]$", info.Reason);
    }

    [Fact]
    public void EveryReason_IsInTheDocument()
    {
        string text = File.ReadAllText(RepositoryRoot.Combine("docs", "errors.md"));
        string[] reasons = [.. new[] { typeof(ErrorReasons), typeof(KdsReasons) }.SelectMany(t => t.GetFields()).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!)];

        Assert.Contains("KDS_MISMATCH", reasons);
        Assert.All(reasons, r => Assert.Contains(r, text, StringComparison.Ordinal));
    }

    private static async Task RunAsync(string name)
    {
        if (Alone.TryGetValue(name, out Func<Task>? alone))
        {
            await alone();
            return;
        }

        await using TestService service = await TestService.StartAsync();
        if (ErrorCases.Verify.TryGetValue(name, out Action<VerifyRequest>? spoilVerify))
        {
            VerifyRequest request = Requests.Verify();
            spoilVerify(request);
            await service.Verifier.VerifyAsync(request);
        }
        else if (ErrorCases.Create.TryGetValue(name, out Action<CreateReferenceValueRequest>? spoilCreate))
        {
            CreateReferenceValueRequest request = Requests.Create();
            spoilCreate(request);
            await service.Registry.CreateReferenceValueAsync(request, TestService.Registrar);
        }
        else
        {
            await (ErrorCases.Calls.GetValueOrDefault(name) ?? IgvmCalls.Spoilt.GetValueOrDefault(name) ?? FirmwareCalls.Spoilt.GetValueOrDefault(name) ?? TokenCalls.Spoilt.GetValueOrDefault(name) ?? ErrorSituations.All[name])(service);
        }
    }

    private static string Name(StatusCode code) =>
        string.Concat(code.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
}

using System.Text.Json.Serialization;

namespace Verifier.Client.Views;

/// <summary>The JSON of every view: snake_case, indented, absent values left out; whatever is not plain ASCII is escaped.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(VerdictView))]
[JsonSerializable(typeof(ChallengeView))]
[JsonSerializable(typeof(FailureView))]
[JsonSerializable(typeof(PolicyView))]
[JsonSerializable(typeof(PolicyListView))]
[JsonSerializable(typeof(TrialListView))]
[JsonSerializable(typeof(ReportView))]
[JsonSerializable(typeof(InspectedReportView))]
[JsonSerializable(typeof(CertificateFileView))]
[JsonSerializable(typeof(ReferenceValueView))]
[JsonSerializable(typeof(ReferenceListView))]
[JsonSerializable(typeof(MeasurementView))]
[JsonSerializable(typeof(LiftRequestView))]
[JsonSerializable(typeof(LiftRequestListView))]
[JsonSerializable(typeof(IdBlockFilesView))]
[JsonSerializable(typeof(FirmwareMeasurementView))]
[JsonSerializable(typeof(IgvmMeasurementsView))]
[JsonSerializable(typeof(InspectedIgvmView))]
[JsonSerializable(typeof(ExplanationView))]
[JsonSerializable(typeof(WatchedChangeView))]
[JsonSerializable(typeof(LogHeadView))]
[JsonSerializable(typeof(LogEntriesView))]
[JsonSerializable(typeof(LogVerifiedView))]
[JsonSerializable(typeof(KdsBundleView))]
[JsonSerializable(typeof(BenchView))]
internal sealed partial class ViewJson : JsonSerializerContext;

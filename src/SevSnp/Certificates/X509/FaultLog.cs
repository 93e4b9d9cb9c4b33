using SevSnp.Checks;

namespace SevSnp.Certificates.X509;

/// <summary>The first broken rule of one parse. Readers share it: once it holds a fault they give empty values, and the parser asks at the end.</summary>
internal sealed class FaultLog(string subject)
{
    /// <summary>What is being parsed, as shown before each field: "certificate" until its role is known.</summary>
    public string Subject { get; set; } = subject;

    public EvidenceFault? First { get; private set; }

    public bool Failed => First is not null;

    public void Report(CheckId check, string field, int offset, string rule) => First ??= new EvidenceFault(check, $"{Subject} {field}", offset, rule);
}

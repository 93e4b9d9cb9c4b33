using SevSnp.Checks;

namespace SevSnp.Certificates;

/// <summary>The results of one chain: each check once, and after the first failure the rest as not evaluated.</summary>
internal sealed class ChainResults(ICollection<CheckResult> checks)
{
    private static readonly CheckId[] Ids =
    [
        CheckId.RootIsPinned,
        CheckId.ChainSignaturesAreValid,
        CheckId.CertificatesAreInValidity,
        CheckId.CertificatesMatchProfile,
        CheckId.LeafKeyIsP384,
        CheckId.CertificatesAreNotRevoked,
        CheckId.ProductIsConsistent,
        CheckId.KeyKindIsConsistent,
        CheckId.CertificateExtensionsAreKnown,
    ];

    private readonly HashSet<CheckId> _done = [];
    private CheckId _failed;

    public static bool Covers(CheckId id) => Ids.Contains(id);

    public void Pass(CheckId id, string? actual = null) => Add(CheckResult.Passed(id, actual));

    public void NotRequired(CheckId id, string detail) => Add(CheckResult.NotRequired(id, detail));

    /// <summary>Adds the failure that ends the verification.</summary>
    /// <returns>Always false, to be returned.</returns>
    public bool Fail(CheckId id, string expected, string? actual, string? detail = null)
    {
        _failed = id;
        Add(CheckResult.Failed(id, expected, actual, detail));
        return false;
    }

    public void MarkRest()
    {
        foreach (CheckId id in Ids.Where(id => !_done.Contains(id)))
        {
            checks.Add(CheckResult.NotEvaluated(id, $"{_failed.WireName()} failed"));
        }
    }

    private void Add(CheckResult result)
    {
        _done.Add(result.Id);
        checks.Add(result);
    }
}

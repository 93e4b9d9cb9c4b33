using SevSnp.Primitives;
using Verifier.Service.Documents;

namespace Verifier.Service.Registry;

/// <summary>Looks a measurement up once for all calls that one look-up serves: guests of one image come in crowds.</summary>
internal sealed class MeasurementReader(IReferenceValueStore store, Moments moments)
{
    private readonly SharedReadings<Question, MeasurementEntry> _readings = new(q => store.FindAsync(q.Tenant, q.Measurement, q.Signers, CancellationToken.None), moments);

    /// <summary>As <see cref="IReferenceValueStore.FindAsync"/>.</summary>
    /// <param name="tenant">Whose registry.</param>
    /// <param name="measurement">The measurement.</param>
    /// <param name="signers">Keys that signed the guest's ID block.</param>
    /// <param name="call">When the call began that is to be decided.</param>
    /// <param name="cancellation">Ends the wait, not the look-up.</param>
    public Task<MeasurementEntry> FindAsync(string tenant, Digest384 measurement, IReadOnlyList<Digest384> signers, Moment call, CancellationToken cancellation) =>
        _readings.ReadAsync(new Question(tenant, measurement, signers), call, cancellation);

    private readonly record struct Question(string Tenant, Digest384 Measurement, IReadOnlyList<Digest384> Signers)
    {
        public bool Equals(Question other) => Measurement == other.Measurement && Tenant == other.Tenant && Signers.SequenceEqual(other.Signers);

        public override int GetHashCode() => HashCode.Combine(Tenant, Measurement, Signers.Count);
    }
}

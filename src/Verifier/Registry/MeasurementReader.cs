using System.Collections.Concurrent;
using SevSnp.Primitives;
using Verifier.Service.Documents;

namespace Verifier.Service.Registry;

/// <summary>Looks a measurement up once for all that ask about it at about the same time, since guests of one image come in crowds: see <see cref="Moments"/>.</summary>
internal sealed class MeasurementReader(IReferenceValueStore store, Moments moments)
{
    // Evidence names measurements: what is kept of those that nobody asks about any more must not grow.
    private const int MostKept = 1000;

    private readonly ConcurrentDictionary<Question, SharedReadings<MeasurementEntry>> _questions = new();

    /// <summary>How many questions look-ups are kept of.</summary>
    public int Kept => _questions.Count;

    /// <summary>As <see cref="IReferenceValueStore.FindAsync"/>.</summary>
    /// <param name="tenant">Whose registry.</param>
    /// <param name="measurement">The measurement.</param>
    /// <param name="signers">Keys that signed the guest's ID block.</param>
    /// <param name="call">When the call began that is to be decided.</param>
    /// <param name="cancellation">Ends the wait, not the look-up.</param>
    public Task<MeasurementEntry> FindAsync(string tenant, Digest384 measurement, IReadOnlyList<Digest384> signers, Moment call, CancellationToken cancellation)
    {
        Question question = new(tenant, measurement, signers);

        // To count them takes every lock of the map.
        if (!_questions.TryGetValue(question, out SharedReadings<MeasurementEntry>? readings))
        {
            if (_questions.Count >= MostKept)
            {
                _questions.Clear();
            }

            readings = _questions.GetOrAdd(
                question, static (q, reader) => new(() => reader.Store.FindAsync(q.Tenant, q.Measurement, q.Signers, CancellationToken.None), reader.Moments), this);
        }

        Task<MeasurementEntry> reading = readings.For(call);
        return cancellation.IsCancellationRequested ? Task.FromCanceled<MeasurementEntry>(cancellation) : reading.IsCompleted ? reading : reading.WaitAsync(cancellation);
    }

    private IReferenceValueStore Store => store;

    private Moments Moments => moments;

    private readonly record struct Question(string Tenant, Digest384 Measurement, IReadOnlyList<Digest384> Signers)
    {
        public bool Equals(Question other) => Measurement == other.Measurement && Tenant == other.Tenant && Signers.SequenceEqual(other.Signers);

        public override int GetHashCode() => HashCode.Combine(Tenant, Measurement, Signers.Count);
    }
}

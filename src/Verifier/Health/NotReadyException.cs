namespace Verifier.Service.Health;

/// <summary>Judging was not seen to judge rightly since the start, so nothing is judged.</summary>
internal sealed class NotReadyException() : Exception("The self-test has not passed.");

namespace Verifier.Service.Kds;

/// <summary>
/// Why an answer is not used. <paramref name="IsMismatch"/>: it is a well-formed answer, but to another question, or not signed by
/// whom it must be; else it is no answer at all.
/// </summary>
internal sealed record AnswerFault(bool IsMismatch, string Message);

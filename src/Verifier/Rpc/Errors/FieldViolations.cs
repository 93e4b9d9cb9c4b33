namespace Verifier.Service.Rpc.Errors;

/// <summary>One broken rule: the field's path in the request, a stable reason, and a text without anything of the caller's.</summary>
internal sealed record FieldViolation(string Field, string Reason, string Text);

/// <summary>The broken rules of one request. Bounded: a hostile request gets a short answer.</summary>
internal sealed class FieldViolations
{
    public const int Most = 16;

    private readonly List<FieldViolation> _items = [];

    public IReadOnlyList<FieldViolation> Items => _items;

    public FieldPath Root => new(this, "");

    public void Add(FieldViolation violation)
    {
        if (_items.Count < Most)
        {
            _items.Add(violation);
        }
    }

    public void ThrowIfAny()
    {
        if (_items.Count > 0)
        {
            throw RpcErrors.InvalidRequest(_items);
        }
    }
}

/// <summary>A place in the request that is being read, and where to tell what is wrong there.</summary>
internal readonly record struct FieldPath(FieldViolations Sink, string Path)
{
    public FieldPath Field(string name) => new(Sink, Path.Length == 0 ? name : $"{Path}.{name}");

    public FieldPath At(int index) => new(Sink, $"{Path}[{index}]");

    public void Fail(string reason, string text) => Sink.Add(new FieldViolation(Path, reason, text));

    public void Required() => Fail(ViolationReasons.Required, "is required");
}

/// <summary>The reasons of a field violation.</summary>
internal static class ViolationReasons
{
    public const string Required = "REQUIRED";
    public const string WrongLength = "WRONG_LENGTH";
    public const string OutOfRange = "OUT_OF_RANGE";
    public const string UnknownValue = "UNKNOWN_VALUE";
    public const string UnknownField = "UNKNOWN_FIELD";
    public const string UnknownBits = "UNKNOWN_BITS";
    public const string WrongFormat = "WRONG_FORMAT";
    public const string ZeroValue = "ZERO_VALUE";
    public const string Duplicate = "DUPLICATE";
    public const string TooMany = "TOO_MANY";
    public const string Contradictory = "CONTRADICTORY";
    public const string OutputOnly = "OUTPUT_ONLY";
    public const string InThePast = "IN_THE_PAST";
}

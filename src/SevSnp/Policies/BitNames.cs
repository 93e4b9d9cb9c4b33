namespace SevSnp.Policies;

/// <summary>Bit sets in words, for messages.</summary>
internal static class BitNames
{
    /// <summary>The named bits by name and the others in hexadecimal, or <c>none</c>.</summary>
    public static string Of<T>(T bits)
        where T : struct, Enum
    {
        ulong rest = Convert.ToUInt64(bits, System.Globalization.CultureInfo.InvariantCulture);
        List<string> names = [];
        foreach (T value in Enum.GetValues<T>())
        {
            ulong bit = Convert.ToUInt64(value, System.Globalization.CultureInfo.InvariantCulture);
            if (bit != 0 && (rest & bit) == bit)
            {
                names.Add(value.ToString());
                rest &= ~bit;
            }
        }

        if (rest != 0)
        {
            names.Add($"0x{rest:x}");
        }

        return names.Count == 0 ? "none" : string.Join("+", names);
    }

    public static IEnumerable<string> Faults<T>(T missing, T unwanted)
        where T : struct, Enum
    {
        if (!missing.Equals(default(T)))
        {
            yield return $"{Of(missing)} not set";
        }

        if (!unwanted.Equals(default(T)))
        {
            yield return $"{Of(unwanted)} set";
        }
    }

    public static string? Join(IReadOnlyCollection<string> why) => why.Count == 0 ? null : string.Join("; ", why);
}

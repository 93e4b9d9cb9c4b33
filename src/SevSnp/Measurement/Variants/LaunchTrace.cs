namespace SevSnp.Measurement;

/// <summary>The first place where two launches part.</summary>
/// <param name="Number">Number of the step, from 1.</param>
/// <param name="Left">The step of the first launch; null when it has ended.</param>
/// <param name="Right">The step of the second launch; null when it has ended.</param>
public sealed record LaunchDifference(int Number, LaunchStep? Left, LaunchStep? Right);

/// <summary>Compares launches step by step.</summary>
public static class LaunchTrace
{
    /// <summary>Finds the first step in which two launches differ: by type, address, contents or permissions, or because one has ended.</summary>
    /// <param name="left">The steps of one launch.</param>
    /// <param name="right">The steps of another.</param>
    /// <returns>The place, or null when they are the same.</returns>
    public static LaunchDifference? FirstDifference(IReadOnlyList<LaunchStep> left, IReadOnlyList<LaunchStep> right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        int i = 0;
        while (i < left.Count && i < right.Count && Alike(left[i], right[i]))
        {
            i++;
        }

        return i == left.Count && i == right.Count
            ? null
            : new LaunchDifference(i + 1, i < left.Count ? left[i] : null, i < right.Count ? right[i] : null);
    }

    private static bool Alike(LaunchStep a, LaunchStep b) => a with { DigestAfter = default } == b with { DigestAfter = default };
}

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Verifier.Fuzz.Tests.Rig;

/// <summary>
/// Which branches an input took, when the copy of the product at hand is instrumented (tests/fuzz.sh lets SharpFuzz do that): its branches
/// count in memory of ours. One target in a process at a time.
/// </summary>
internal sealed unsafe class Coverage
{
    private const int Size = 1 << 16;

    private readonly byte* _counts = (byte*)NativeMemory.AllocZeroed(Size);
    private readonly byte[] _seen = new byte[Size];
    private readonly FieldInfo _previous;

    private Coverage(Type trace)
    {
        trace.GetField("SharedMem")!.SetValue(null, Pointer.Box(_counts, typeof(byte*)));
        _previous = trace.GetField("PrevLocation")!;
    }

    /// <summary>The one of this process; null when nothing is instrumented.</summary>
    public static Coverage? Instance { get; private set; }

    // Before anything else runs: instrumented code counts from its first branch on.
    [ModuleInitializer]
    internal static void Find()
    {
        string trace = Path.Combine(AppContext.BaseDirectory, "SharpFuzz.Common.dll");
        if (File.Exists(trace))
        {
            Assembly common = AssemblyLoadContext.Default.LoadFromAssemblyPath(trace);
            AssemblyLoadContext.Default.Resolving += (_, name) => name.Name == "SharpFuzz.Common" ? common : null;
            Instance = new Coverage(common.GetType("SharpFuzz.Common.Trace", throwOnError: true)!);
        }
    }

    /// <summary>Edges that were taken so far, whatever their number.</summary>
    public int Edges => _seen.Count(b => b != 0);

    public void Begin()
    {
        new Span<byte>(_counts, Size).Clear();
        _previous.SetValue(null, 0);
    }

    /// <summary>Whether the input took an edge, or took it so often, as none before.</summary>
    public bool End()
    {
        bool isNew = false;
        ReadOnlySpan<byte> counts = new(_counts, Size);
        for (int at = counts.IndexOfAnyExcept((byte)0); at >= 0 && at < Size;)
        {
            byte bucket = Bucket(counts[at]);
            isNew |= (_seen[at] & bucket) == 0;
            _seen[at] |= bucket;
            int next = counts[(at + 1)..].IndexOfAnyExcept((byte)0);
            at = next < 0 ? Size : at + 1 + next;
        }

        return isNew;
    }

    // A loop that turns seven times instead of six is no news; twice instead of once is.
    private static byte Bucket(byte count) => count switch
    {
        1 => 1,
        2 => 2,
        3 => 4,
        < 8 => 8,
        < 16 => 16,
        < 32 => 32,
        < 128 => 64,
        _ => 128,
    };
}

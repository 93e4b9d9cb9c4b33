using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Text;

namespace Verifier.Fuzz.Tests.Rig;

/// <summary>
/// Which mutant is being tried, in a file that outlives a process which ends in the middle of it (a stack that overflows cannot be
/// caught); and the end of a process that hangs on one.
/// </summary>
internal sealed class CurrentInput : IDisposable
{
    private const int Size = 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _name;
    private readonly string _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Timer _watch;
    private readonly byte[] _text = new byte[Size];
    private long _began;

    public CurrentInput(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        _name = name;
        _file = Path.Combine(folder, $"{name}.{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}.current");
        _map = MemoryMappedFile.CreateFromFile(_file, FileMode.Create, null, Size);
        _view = _map.CreateViewAccessor();
        _watch = new Timer(_ => Look(), null, Patience, TimeSpan.FromSeconds(5));
    }

    public void Set(Lineage? parent, int seed)
    {
        Interlocked.Exchange(ref _began, Stopwatch.GetTimestamp());
        int length = Encoding.ASCII.GetBytes(parent is null ? "no mutant" : $"{parent}.{seed}\n", _text);
        _view.WriteArray(0, _text, 0, Math.Min(length, Size));
    }

    public void Dispose()
    {
        _watch.Dispose();
        _view.Dispose();
        _map.Dispose();
        File.Delete(_file);
    }

    private void Look()
    {
        long began = Interlocked.Read(ref _began);
        if (began != 0 && Stopwatch.GetElapsedTime(began) > Patience && !Debugger.IsAttached)
        {
            Environment.FailFast($"The target {_name} has hung for {Patience}; VERIFIER_FUZZ_SEED={Encoding.ASCII.GetString(_text).Split('\n')[0]} repeats it");
        }
    }
}

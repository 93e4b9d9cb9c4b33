namespace Verifier.Service.Admission;

/// <summary>
/// Those who wait in one lane. Turns go round between tenants, and among the callers of each tenant, so that whoever asks a hundred times
/// waits for himself. What goes on with work that was begun stands before all of them. Keeps nothing of a caller who does not wait. Not
/// safe for several threads.
/// </summary>
internal sealed class FairQueue
{
    private readonly LinkedList<Waiter> _first = [];
    private readonly LinkedList<Tenant> _turns = [];
    private readonly Dictionary<string, Tenant> _tenants = new(StringComparer.Ordinal);
    private readonly Tally<string> _callers = new(StringComparer.Ordinal);

    /// <summary>All that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Those of them that are new calls, and may be refused.</summary>
    public int Calls { get; private set; }

    /// <summary>How many new calls of a tenant wait.</summary>
    public int CallsOf(string tenant) => _tenants.GetValueOrDefault(tenant)?.Calls ?? 0;

    /// <summary>How many new calls of one caller wait, whatever their tenants.</summary>
    public int CallsBy(string identity) => _callers.Of(identity);

    /// <summary>At the end of the caller's own line.</summary>
    public void Add(Waiter waiter)
    {
        string name = waiter.Place.Claimant.Tenant;
        if (!_tenants.TryGetValue(name, out Tenant? tenant))
        {
            tenant = new Tenant(name);
            _tenants.Add(name, tenant);
            _turns.AddLast(tenant.Turn);
        }

        tenant.Add(waiter);
        Counted(tenant, waiter, 1);
    }

    /// <summary>Before everybody but those who came the same way.</summary>
    public void AddFirst(Waiter waiter)
    {
        waiter.Node = _first.AddLast(waiter);
        Counted(null, waiter, 1);
    }

    /// <summary>Whose turn it is; null when nobody waits.</summary>
    public Waiter? Next()
    {
        if (_first.First is { } begun)
        {
            Remove(begun.Value);
            return begun.Value;
        }

        if (_turns.First is not { } turn)
        {
            return null;
        }

        Waiter next = turn.Value.Next();
        Remove(next);
        if (_tenants.ContainsKey(turn.Value.Name))
        {
            _turns.Remove(turn);
            _turns.AddLast(turn);
        }

        return next;
    }

    /// <summary>Does not wait any more.</summary>
    public void Remove(Waiter waiter)
    {
        if (waiter.Node is not { List: { } list } node)
        {
            return;
        }

        waiter.Node = null;
        list.Remove(node);
        if (ReferenceEquals(list, _first))
        {
            Counted(null, waiter, -1);
            return;
        }

        Tenant tenant = _tenants[waiter.Place.Claimant.Tenant];
        Counted(tenant, waiter, -1);
        tenant.Forget(waiter);
        if (tenant.IsEmpty)
        {
            _tenants.Remove(tenant.Name);
            _turns.Remove(tenant.Turn);
        }
    }

    /// <summary>Those who cannot be served in time any more.</summary>
    public IReadOnlyList<Waiter> Late(long timestamp) =>
        [.. _tenants.Values.SelectMany(t => t.Lines).SelectMany(l => l.Waiters).Concat(_first).Where(w => timestamp > w.LatestStart)];

    private void Counted(Tenant? tenant, Waiter waiter, int change)
    {
        Count += change;
        if (waiter.MayBeRefused)
        {
            Calls += change;
            tenant!.Calls += change;
            _callers.Change(waiter.Place.Claimant.Identity, change);
        }
    }

    /// <summary>One caller's new calls, or whatever else of the caller's waits: neither stands behind the other.</summary>
    private sealed class Line((string Identity, bool IsOfCalls) key)
    {
        public (string Identity, bool IsOfCalls) Key { get; } = key;

        public LinkedList<Waiter> Waiters { get; } = [];
    }

    private sealed class Tenant
    {
        private readonly Dictionary<(string Identity, bool IsOfCalls), LinkedListNode<Line>> _lines = [];
        private readonly LinkedList<Line> _turns = [];

        public Tenant(string name) => (Name, Turn) = (name, new LinkedListNode<Tenant>(this));

        public string Name { get; }

        public LinkedListNode<Tenant> Turn { get; }

        public int Calls { get; set; }

        public bool IsEmpty => _turns.Count == 0;

        public IEnumerable<Line> Lines => _turns;

        public void Add(Waiter waiter)
        {
            (string, bool) key = KeyOf(waiter);
            if (!_lines.TryGetValue(key, out LinkedListNode<Line>? line))
            {
                line = _turns.AddLast(new Line(key));
                _lines.Add(key, line);
            }

            waiter.Node = line.Value.Waiters.AddLast(waiter);
        }

        public Waiter Next()
        {
            LinkedListNode<Line> line = _turns.First!;
            _turns.RemoveFirst();
            _turns.AddLast(line);
            return line.Value.Waiters.First!.Value;
        }

        public void Forget(Waiter waiter)
        {
            (string, bool) key = KeyOf(waiter);
            if (_lines[key] is { Value.Waiters.Count: 0 } line)
            {
                _lines.Remove(key);
                _turns.Remove(line);
            }
        }

        private static (string, bool) KeyOf(Waiter waiter) => (waiter.Place.Claimant.Identity, waiter.MayBeRefused);
    }
}

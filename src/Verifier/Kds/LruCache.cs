using System.Diagnostics.CodeAnalysis;

namespace Verifier.Service.Kds;

/// <summary>A map with a fixed number of places: who was not asked for longest makes room.</summary>
internal sealed class LruCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<KeyValuePair<TKey, TValue>>> _index = [];
    private readonly LinkedList<KeyValuePair<TKey, TValue>> _order = [];
    private readonly Lock _gate = new();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _index.Count;
            }
        }
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_gate)
        {
            if (!_index.TryGetValue(key, out LinkedListNode<KeyValuePair<TKey, TValue>>? node))
            {
                value = default;
                return false;
            }

            _order.Remove(node);
            _order.AddFirst(node);
            value = node.Value.Value;
            return true;
        }
    }

    public void Set(TKey key, TValue value)
    {
        lock (_gate)
        {
            RemoveNode(key);
            _index[key] = _order.AddFirst(new KeyValuePair<TKey, TValue>(key, value));
            if (_index.Count > capacity)
            {
                RemoveNode(_order.Last!.Value.Key);
            }
        }
    }

    public void Remove(TKey key)
    {
        lock (_gate)
        {
            RemoveNode(key);
        }
    }

    private void RemoveNode(TKey key)
    {
        if (_index.Remove(key, out LinkedListNode<KeyValuePair<TKey, TValue>>? node))
        {
            _order.Remove(node);
        }
    }
}

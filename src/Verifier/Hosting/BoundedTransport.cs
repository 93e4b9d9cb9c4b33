using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Verifier.Service.Admission;

namespace Verifier.Service.Hosting;

/// <summary>
/// Accepts no more connections than there is room for, of all listeners together. The limits of the listeners are asked once a thread is free for a
/// connection that was accepted; until then a burst of them could use up the files of the process, which it does not survive (F38). What is
/// too many here is closed before another is accepted.
/// </summary>
/// <param name="inner">What listens.</param>
/// <param name="room">How many all listeners may have together.</param>
/// <param name="own">How many more each of them may have, so that a flood of one listener does not keep probes from another.</param>
/// <param name="metrics">Counts what is closed.</param>
internal sealed class BoundedTransport(IConnectionListenerFactory inner, int room, int own, AdmissionMetrics metrics) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly Places _shared = new(room);

    public bool CanBind(EndPoint endpoint) => inner is not IConnectionListenerFactorySelector selector || selector.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await inner.BindAsync(endpoint, cancellationToken), [_shared, new Places(own)], metrics);

    private sealed class Places(int most)
    {
        private int _taken;

        public bool TryTake()
        {
            if (Interlocked.Increment(ref _taken) <= most)
            {
                return true;
            }

            Return();
            return false;
        }

        public void Return() => Interlocked.Decrement(ref _taken);
    }

    private sealed class Listener(IConnectionListener inner, Places[] room, AdmissionMetrics metrics) : IConnectionListener
    {
        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await inner.AcceptAsync(cancellationToken) is { } connection)
            {
                if (Array.Find(room, p => p.TryTake()) is { } places)
                {
                    return new Connection(connection, places);
                }

                metrics.ConnectionRefused();
                connection.Abort(new ConnectionAbortedException("There are as many connections as there may be."));
                await connection.DisposeAsync();
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => inner.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    /// <summary>Gives its place back when its socket has been closed, and not before.</summary>
    private sealed class Connection(ConnectionContext inner, Places places) : ConnectionContext
    {
        private int _isOver;

        public override string ConnectionId
        {
            get => inner.ConnectionId;
            set => inner.ConnectionId = value;
        }

        public override IFeatureCollection Features => inner.Features;

        public override IDictionary<object, object?> Items
        {
            get => inner.Items;
            set => inner.Items = value;
        }

        public override IDuplexPipe Transport
        {
            get => inner.Transport;
            set => inner.Transport = value;
        }

        public override EndPoint? LocalEndPoint
        {
            get => inner.LocalEndPoint;
            set => inner.LocalEndPoint = value;
        }

        public override EndPoint? RemoteEndPoint
        {
            get => inner.RemoteEndPoint;
            set => inner.RemoteEndPoint = value;
        }

        public override CancellationToken ConnectionClosed
        {
            get => inner.ConnectionClosed;
            set => inner.ConnectionClosed = value;
        }

        public override void Abort() => inner.Abort();

        public override void Abort(ConnectionAbortedException abortReason) => inner.Abort(abortReason);

        public override async ValueTask DisposeAsync()
        {
            try
            {
                await inner.DisposeAsync();
                await base.DisposeAsync();
            }
            finally
            {
                if (Interlocked.Exchange(ref _isOver, 1) == 0)
                {
                    places.Return();
                }
            }
        }
    }
}

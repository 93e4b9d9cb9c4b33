using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Verifier.Service.Admission;
using Verifier.Service.Hosting;
using Verifier.Tests.Rpc;
using Verifier.Tests.Telemetry;

namespace Verifier.Tests.Hosting;

/// <summary>F38, T99: of connections that come faster than they are looked at, no more are open at once than there is room for.</summary>
public sealed class BoundedTransportTests : IAsyncLifetime
{
    // Two of all listeners, and one more of each.
    private const int Room = 3;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<AdmissionMetrics>().BuildServiceProvider();
    private readonly List<Socket> _clients = [];
    private readonly List<ConnectionContext> _accepted = [];
    private BoundedTransport _transport = null!;
    private IConnectionListener _listener = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _transport = new(
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance), Room - 1, 1, _services.GetRequiredService<AdmissionMetrics>());
        _listener = await _transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ConnectionContext connection in _accepted)
        {
            connection.Abort();
            await connection.DisposeAsync();
        }

        await _listener.DisposeAsync();
        _clients.ForEach(c => c.Dispose());
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task F38_WhatIsTooMuch_IsClosedBeforeAnotherIsAccepted()
    {
        using MetricsProbe probe = new(_services);
        await ConnectAsync(Room + 5);
        for (int i = 0; i < Room; i++)
        {
            await AcceptAsync(_listener);
        }

        // The next one that is served is the next for which there is room, however many come before.
        Task<ConnectionContext?> next = _listener.AcceptAsync(Cancellation).AsTask();
        await Task.WhenAll(_clients[Room..].Select(ClosedAsync)).WaitAsync(Soon, Cancellation);
        Assert.False(next.IsCompleted);
        Assert.Equal(5, probe.LabelsOf("verifier.connections.refused").Count());

        await EndAsync(_accepted[0]);
        await ConnectAsync(1);
        _accepted.Add((await next.WaitAsync(Soon, Cancellation))!);
        Assert.Equal(_clients[^1].LocalEndPoint, _accepted[^1].RemoteEndPoint);
        Assert.All(_clients[1..Room], c => Assert.False(c.Poll(0, SelectMode.SelectRead)));
    }

    [Fact]
    public async Task Room_IsOfAllListenersTogether_ButForAPlaceOfEach()
    {
        await using IConnectionListener other = await _transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Cancellation);
        await ConnectAsync(Room);
        for (int i = 0; i < Room; i++)
        {
            await AcceptAsync(_listener);
        }

        await ConnectAsync(2, other);
        await AcceptAsync(other);
        Task<ConnectionContext?> next = other.AcceptAsync(Cancellation).AsTask();

        await ClosedAsync(_clients[^1]).WaitAsync(Soon, Cancellation);
        Assert.False(next.IsCompleted);
    }

    // The peer's half may be closed for long while the socket is open: its file is taken still.
    [Fact]
    public async Task Connection_HasItsPlace_UntilItsSocketIsClosed_AndGivesItBackOnce()
    {
        await ConnectAsync(Room);
        for (int i = 0; i < Room; i++)
        {
            await AcceptAsync(_listener);
        }

        TaskCompletionSource half = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration closed = _accepted[0].ConnectionClosed.Register(half.SetResult);
        _clients[0].Shutdown(SocketShutdown.Send);
        await half.Task.WaitAsync(Soon, Cancellation);
        await ConnectAsync(1);
        Task<ConnectionContext?> next = _listener.AcceptAsync(Cancellation).AsTask();
        await ClosedAsync(_clients[^1]).WaitAsync(Soon, Cancellation);

        await EndAsync(_accepted[0]);
        await _accepted[0].DisposeAsync();
        await ConnectAsync(2);
        _accepted.Add((await next.WaitAsync(Soon, Cancellation))!);
        next = _listener.AcceptAsync(Cancellation).AsTask();
        await ClosedAsync(_clients[^1]).WaitAsync(Soon, Cancellation);
        Assert.False(next.IsCompleted);
    }

    // Defaults of listeners are taken as each is added: these must be there before the service's own.
    [Fact]
    public async Task Service_ListensThroughIt()
    {
        ConcurrentBag<Type?> seen = [];
        await using TestService service = await TestService.StartAsync(configure: builder => builder.Services.Insert(
            0,
            ServiceDescriptor.Singleton<IConfigureOptions<KestrelServerOptions>>(new ConfigureOptions<KestrelServerOptions>(k => k.ConfigureEndpointDefaults(l => l.Use(next => c =>
            {
                seen.Add(c.GetType().DeclaringType);
                return next(c);
            }))))));

        await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation);

        Assert.All(seen, t => Assert.Equal(typeof(BoundedTransport), t));
        Assert.NotEmpty(seen);
    }

    private static async Task EndAsync(ConnectionContext connection)
    {
        connection.Abort();
        await connection.DisposeAsync();
    }

    /// <summary>Reads until the other side closes.</summary>
    private static async Task ClosedAsync(Socket client)
    {
        try
        {
            while (await client.ReceiveAsync(new byte[16], SocketFlags.None, Cancellation) > 0)
            {
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.NotConnected)
        {
            // Closed, the other way, or before it was open here.
        }
    }

    private async Task AcceptAsync(IConnectionListener listener) =>
        _accepted.Add((await listener.AcceptAsync(Cancellation).AsTask().WaitAsync(Soon, Cancellation))!);

    private async Task ConnectAsync(int count, IConnectionListener? listener = null)
    {
        for (int i = 0; i < count; i++)
        {
            Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _clients.Add(client);
            try
            {
                await client.ConnectAsync((listener ?? _listener).EndPoint, Cancellation);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
            {
                // What is too much may be closed as soon as that.
            }
        }
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Verifier.TestKit;

namespace Verifier.Sdk.Tests;

public sealed class ReplicaTests
{
    private static readonly Uri Nobody = new("http://127.0.0.1:9");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListedReplicas_ShareTheCalls()
    {
        await using FakeVerifier first = await FakeVerifier.StartAsync(), second = await FakeVerifier.StartAsync();
        using VerifierClient client = new(Options(first, second));

        await AskUntilAsync(client, () => Calls(first) > 2 && Calls(second) > 2);
    }

    [Fact]
    public async Task ReplicaThatIsNotThere_FailsNoCall()
    {
        await using FakeVerifier only = await FakeVerifier.StartAsync();
        using VerifierClient client = new(new() { Address = Nobody, Replicas = [new Uri(only.Address)] });

        for (int i = 0; i < 20; i++)
        {
            await client.VerifyAsync(SourceAsync, cancellation: Cancellation);
        }

        Assert.Equal(20, only.Questions);
    }

    [Fact]
    public async Task ReplicaThatLeaves_FailsNoCall()
    {
        await using FakeVerifier stays = await FakeVerifier.StartAsync();
        FakeVerifier leaves = await FakeVerifier.StartAsync();
        using VerifierClient client = new(Options(stays, leaves));
        await AskUntilAsync(client, () => Calls(stays) > 0 && Calls(leaves) > 0);

        await leaves.DisposeAsync();
        int before = stays.Questions;
        for (int i = 0; i < 20; i++)
        {
            await client.VerifyAsync(SourceAsync, cancellation: Cancellation);
        }

        Assert.Equal(20, stays.Questions - before);
    }

    // F35: it says that it goes, and is gone with the call that was on its way to it.
    [Fact]
    public async Task ReplicaThatLeavesWithACallUnderWay_FailsNoCall()
    {
        await using FakeVerifier stays = await FakeVerifier.StartAsync();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Uri leaves = new($"http://{listener.LocalEndpoint}");
        Task<bool> leaving = Task.Run(() => LeaveAsync(listener), Cancellation);
        using VerifierClient client = new(new() { Address = leaves, Replicas = [new Uri(stays.Address)] });

        while (!leaving.IsCompleted || stays.Questions < 10)
        {
            await client.VerifyAsync(SourceAsync, cancellation: Cancellation);
        }

        Assert.True(await leaving, "No call was under way to it.");
    }

    [Fact]
    public async Task NoReplicaThere_IsAnOutage()
    {
        using VerifierClient client = new(new() { Address = Nobody, Replicas = [new Uri("http://127.0.0.1:10")], MaxTries = 2 });

        await Assert.ThrowsAsync<VerifierUnavailableException>(() => client.VerifyAsync(SourceAsync, cancellation: Cancellation));
    }

    [Fact]
    public async Task ReplicasByName_AreLookedUp()
    {
        await using FakeVerifier fake = await FakeVerifier.StartAsync();
        using VerifierClient client = new(new() { Address = new UriBuilder(fake.Address) { Host = "localhost" }.Uri, ReplicasByName = true });

        await client.VerifyAsync(SourceAsync, cancellation: Cancellation);

        Assert.Equal(1, fake.Questions);
    }

    [Theory]
    [InlineData("http://verifier-1.example:7443")]
    [InlineData("https://verifier-1.example:7443")]
    public void ReplicaInPlaintextOrOfAnotherScheme_IsRefused(string replica) =>
        Assert.Throws<ArgumentException>(() => new VerifierClient(new() { Address = Nobody, Replicas = [new Uri(replica)] }));

    [Fact]
    public void ListedAndLookedUp_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new VerifierClient(new() { Address = Nobody, Replicas = [Nobody], ReplicasByName = true }));

    [Fact]
    public async Task BearerToken_IsNotSentToAReplicaInTheOpen()
    {
        using VerifierClient client = new(new()
        {
            Address = Nobody,
            Replicas = [new Uri("http://192.0.2.1:7443")],
            UnsafePlaintext = true,
            BearerToken = _ => ValueTask.FromResult<string?>("t"),
        });

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.VerifyAsync(SourceAsync, cancellation: Cancellation));
    }

    // As when an instance is replaced while many calls are on their way to it: that is no outage, and nobody is stormed.
    [Fact]
    public async Task F35_CallsThatReachedNobody_AreAllRepeated()
    {
        const int Calls = 40;
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int tries = 0;
        using VerifierClient client = new(new()
        {
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)taken.LocalEndPoint!).Port}"),
            MaxTries = 2,
            BearerToken = _ =>
            {
                Interlocked.Increment(ref tries);
                return ValueTask.FromResult<string?>(null);
            },
        });

        await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => Assert.ThrowsAsync<VerifierUnavailableException>(() =>
            client.VerifyAsync(FakeVerifier.EvidenceFor(ChallengeUse.Direct), cancellation: TestContext.Current.CancellationToken))));

        Assert.Equal(2 * Calls, tries);
    }

    private static VerifierClientOptions Options(FakeVerifier first, FakeVerifier second) => new() { Address = new Uri(first.Address), Replicas = [new Uri(second.Address)], AcceptWithin = TimeSpan.FromMinutes(1) };

    // Challenges and questions alternate, and replicas may do so too.
    private static int Calls(FakeVerifier fake) => fake.Challenges + fake.Questions;

    // The second connection may stand later than the first calls are made.
    private static async Task AskUntilAsync(VerifierClient client, Func<bool> isEnough)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!isEnough())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), "All calls went to one replica.");
            await client.VerifyAsync(SourceAsync, cancellation: Cancellation);
        }
    }

    private static Task<GuestEvidence> SourceAsync(GuestChallenge challenge, CancellationToken cancellation) =>
        Task.FromResult(new GuestEvidence(Scenario.Vcek().WithReport(r => r with { ReportData = ChallengeUse.Direct.ReportData(challenge.Bytes) }).SignReport()));

    // RFC 9113: SETTINGS; at the first HEADERS, GOAWAY that names no last stream yet, with NO_ERROR, and the end of the connection.
    private static async Task<bool> LeaveAsync(TcpListener listener)
    {
        const int preface = 24, header = 9, headers = 1;
        using TcpClient client = await listener.AcceptTcpClientAsync(Cancellation);
        listener.Stop();
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 }, Cancellation);
        await stream.ReadExactlyAsync(new byte[preface], Cancellation);
        byte[] frame = new byte[header];
        while (await stream.ReadAtLeastAsync(frame, header, throwOnEndOfStream: false, Cancellation) == header)
        {
            await stream.ReadExactlyAsync(new byte[(frame[0] << 16) | (frame[1] << 8) | frame[2]], Cancellation);
            if (frame[3] == headers)
            {
                await stream.WriteAsync(new byte[] { 0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0 }, Cancellation);
                return true;
            }
        }

        return false;
    }
}

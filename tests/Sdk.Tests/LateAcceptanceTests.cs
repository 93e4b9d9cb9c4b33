using Verifier.Contracts.V1;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.Sdk.Tests;

/// <summary>
/// T72, F34: a process that stands still after it has decided tells its answer when it goes on, however long the guest has been revoked by then.
/// Only who asked can know how long that was.
/// </summary>
public sealed class LateAcceptanceTests : IAsyncLifetime
{
    private readonly MovedClock _clock = new();
    private FakeVerifier _fake = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _fake = await FakeVerifier.StartAsync();

    public ValueTask DisposeAsync() => _fake.DisposeAsync();

    [Fact]
    public async Task F34_LateAcceptance_IsNotUsed_AndTheGuestAskedAboutAnew()
    {
        _fake.Spoil = _ => _clock.Move(TimeSpan.FromSeconds(_fake.Questions == 1 ? 61 : 0));
        using VerifierClient client = Client();
        List<byte[]> challenges = [];

        VerifiedGuest guest = await client.VerifyAsync((c, t) =>
        {
            challenges.Add(c.Bytes.ToArray());
            return FakeVerifier.EvidenceFor(ChallengeUse.Direct)(c, t);
        }, cancellation: Cancellation);

        Assert.Equal((2, 2), (_fake.Challenges, _fake.Questions));
        Assert.NotEqual(challenges[0], challenges[1]);
        Assert.Equal(challenges[1], guest.Challenge.Bytes.ToArray());
    }

    [Fact]
    public async Task F34_AcceptancesThatAreAlwaysLate_AreAnOutage()
    {
        _fake.Spoil = _ => _clock.Move(TimeSpan.FromSeconds(61));
        using VerifierClient client = Client();

        VerifierUnavailableException outage = await Assert.ThrowsAsync<VerifierUnavailableException>(() => VerifyAsync(client));

        Assert.Equal(("ACCEPTED_TOO_LATE", 4), (outage.Reason, _fake.Questions));
        Assert.Contains("after 60 s it is not used", outage.Message, StringComparison.Ordinal);
    }

    // Of a service that is slow many are late: none of them is an outage yet.
    [Fact]
    public async Task F34_ManyLateAcceptances_AreAllAskedAnew()
    {
        const int Guests = 20;
        using VerifierClient client = Client();
        for (int i = 0; i < Guests; i++)
        {
            int first = _fake.Questions + 1;
            _fake.Spoil = _ => _clock.Move(TimeSpan.FromSeconds(_fake.Questions == first ? 61 : 0));
            await VerifyAsync(client);
        }

        Assert.Equal(2 * Guests, _fake.Questions);
    }

    [Fact]
    public async Task AcceptanceInTime_IsUsed()
    {
        _fake.Spoil = _ => _clock.Move(TimeSpan.FromSeconds(30));
        using VerifierClient client = Client();

        await VerifyAsync(client);

        Assert.Equal(1, _fake.Questions);
    }

    [Fact]
    public async Task LateRefusal_IsARefusal()
    {
        _fake.Spoil = r =>
        {
            (r.Verdict.Outcome, r.Verdict.Rejection) = (Outcome.Rejected, AttestationVerdict.Types.Rejection.Refused);
            _clock.Move(TimeSpan.FromSeconds(61));
        };
        using VerifierClient client = Client();

        await Assert.ThrowsAsync<GuestRefusedException>(() => VerifyAsync(client));

        Assert.Equal(1, _fake.Questions);
    }

    [Fact]
    public void Default_IsTheBoundOfRevocations() => Assert.Equal(TimeSpan.FromSeconds(2), new VerifierClientOptions { Address = new("https://verifier.example") }.AcceptWithin);

    private static Task<VerifiedGuest> VerifyAsync(VerifierClient client) => client.VerifyAsync(FakeVerifier.EvidenceFor(ChallengeUse.Direct), cancellation: Cancellation);

    private VerifierClient Client() =>
        new(new() { Address = new Uri(_fake.Address), Clock = _clock, AcceptWithin = TimeSpan.FromMinutes(1), Patience = TimeSpan.FromHours(1) });

    /// <summary>The machine's, moved on by what a test says.</summary>
    private sealed class MovedClock : TimeProvider
    {
        private long _moved;

        public override long GetTimestamp() => System.GetTimestamp() + Interlocked.Read(ref _moved);

        public void Move(TimeSpan by) => Interlocked.Add(ref _moved, (long)(by.TotalSeconds * TimestampFrequency));
    }
}

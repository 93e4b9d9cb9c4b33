using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Verifier.Fuzz.Tests.Mutators;
using Verifier.Fuzz.Tests.Rig;
using Verifier.Service.Identity;
using Verifier.Service.Identity.Bearer;
using Verifier.Service.Identity.Issuers;
using Verifier.TestKit.Identity;

namespace Verifier.Fuzz.Tests.Identity;

/// <summary>Mutants of bearer tokens, some signed anew, and of the sets of keys that issuers publish.</summary>
public sealed class TokenFuzzTests
{
    [Fact]
    [Trait("target", "tokens")]
    public void OnlyWhatTheIssuerSigned_IsTaken() => FuzzDriver.Run(new TokenTarget());

    [Fact]
    public void GoodTokens_AreTaken() =>
        Assert.All(new TokenTarget().Formats, f => Assert.All(f.Seeds, s => Assert.StartsWith("taken", f.Try(s, new Meter()), StringComparison.Ordinal)));

    [Fact]
    public void FalseAccept_WouldBeSeen() => Assert.Throws<FalseAcceptException>(() => TokenTarget.Demand(Encoding.ASCII.GetString(new TokenTarget().Formats[0].Seeds[0]).Replace('.', 'A')));
}

/// <summary>Tokens and keys.</summary>
internal sealed class TokenTarget : FormatTarget
{
    private const string Issuer = "https://issuer.example";
    private const string Audience = "verifier.test";

    private static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly IssuerSigningKey[] Keys = [IssuerSigningKey.Rsa("key-1"), IssuerSigningKey.Ec("key-2"), IssuerSigningKey.Ec("key-3", "ES384")];
    private static readonly byte[] Published = Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = new JsonArray([.. Keys.Select(k => k.ToJwk())]) }.ToJsonString());

    private static readonly TokenValidator Validator = new(
        [TrustedIssuer.From(new IssuerOptions { Issuer = Issuer, Audience = Audience, Kind = IssuerKind.Other }, new FixedKeys(KeySet.TryParse(Published)!))], new FakeTimeProvider(Now));

    public override string Name => "tokens";

    public override int FewestKinds => 12;

    // 128 keys of P-384 are brought onto their curve one by one: what an issuer publishes that is trusted, once in a while.
    public override TimeSpan MostTime => TimeSpan.FromMilliseconds(200);

    public override bool IsKept => false;

    public override IReadOnlyList<Format> Formats { get; } =
    [
        new("token", [.. Keys.Select(k => Encoding.ASCII.GetBytes(Token(k).ToString())), Encoding.ASCII.GetBytes(Token(Keys[0]).With("aud", new JsonArray(Audience, "another")).ToString())], MutateToken, ReadToken),
        new("keys", [Published], JsonMutator.Mutate, (input, _) => KeySet.TryParse(input) is { } set ? $"taken {set.Count}" : "refused"),
    ];

    /// <summary>What must hold of a token that was taken, found out by the platform's own signature check and reader of JSON.</summary>
    public static void Demand(string token)
    {
        string[] parts = token.Split('.');
        FalseAcceptException.Unless(parts.Length == 3, "it has not three parts");
        byte[] signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        byte[] signature = Base64Url.DecodeFromChars(parts[2]);
        FalseAcceptException.Unless(Keys.Any(k => k.HasSigned(signed, signature)), "no key of the issuer has signed it");
        using JsonDocument claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        JsonElement root = claims.RootElement;
        FalseAcceptException.Unless(root.GetProperty("iss").GetString() == Issuer, "it is another issuer's");
        JsonElement aud = root.GetProperty("aud");
        FalseAcceptException.Unless(aud.ValueKind == JsonValueKind.Array ? aud.EnumerateArray().Any(a => a.GetString() == Audience) : aud.GetString() == Audience, "it is for another audience");
        FalseAcceptException.Unless(root.GetProperty("exp").GetDouble() > Now.ToUnixTimeSeconds() - 61, "it has expired");
        JsonElement sub = root.GetProperty("sub");
        FalseAcceptException.Unless(sub.ValueKind == JsonValueKind.String && sub.GetString() is { Length: > 0 }, "it is nobody's");
    }

    private static string ReadToken(byte[] input, Meter meter)
    {
        string text = Encoding.Latin1.GetString(input);
        Task<TokenOutcome> validating = Validator.ValidateAsync(text, CancellationToken.None);
        switch (validating.GetAwaiter().GetResult())
        {
            case TokenOutcome.Valid:
                return meter.Aside(() =>
                {
                    Demand(text);
                    return "taken";
                });
            case TokenOutcome.Refused refused:
                return refused.Fault.ToString();
            default:
                return "cannot tell";
        }
    }

    private static byte[] MutateToken(Random random, byte[] input, IReadOnlyList<byte[]> donors)
    {
        string[] parts = Encoding.Latin1.GetString(input).Split('.');
        if (parts.Length != 3 || random.Next(8) == 0)
        {
            return ByteMutator.Mutate(random, input);
        }

        int at = random.Next(8) switch { < 3 => 0, < 7 => 1, _ => 2 };
        byte[]? part = Decode(parts[at]);
        string[] other = Encoding.Latin1.GetString(donors[random.Next(donors.Count)]).Split('.');
        parts[at] = part is null || random.Next(10) == 0 ? other[at % other.Length] : Base64Url.EncodeToString(at == 2 ? ByteMutator.Mutate(random, part, 2) : JsonMutator.Mutate(random, part, Claims(donors, at)));
        if (random.Next(4) == 0)
        {
            IssuerSigningKey key = Keys[random.Next(Keys.Length)];
            parts[2] = Base64Url.EncodeToString(key.Sign(Encoding.Latin1.GetBytes($"{parts[0]}.{parts[1]}")));
        }

        return Encoding.Latin1.GetBytes(string.Join('.', parts));
    }

    private static byte[][] Claims(IReadOnlyList<byte[]> tokens, int at) => [.. tokens.Select(t => Decode(Encoding.Latin1.GetString(t).Split('.')[at])).OfType<byte[]>()];

    private static byte[]? Decode(string text) => Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;

    private static TokenDraft Token(IssuerSigningKey key) => TokenDraft.Of(key, new JsonObject
    {
        ["iss"] = Issuer,
        ["aud"] = Audience,
        ["sub"] = "somebody",
        ["iat"] = Now.ToUnixTimeSeconds(),
        ["nbf"] = Now.ToUnixTimeSeconds(),
        ["exp"] = Now.ToUnixTimeSeconds() + 600,
    });

    private sealed class FixedKeys(KeySet keys) : IIssuerKeys
    {
        public Task<KeyLookup> FindAsync(string keyId, CancellationToken cancellation) =>
            Task.FromResult<KeyLookup>(keys.Find(keyId) is { } key ? new KeyLookup.Found(key) : new KeyLookup.Unknown());
    }
}

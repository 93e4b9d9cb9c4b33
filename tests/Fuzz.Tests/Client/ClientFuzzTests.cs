using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using SevSnp.Policies;
using SevSnp.Policies.Documents;
using SevSnp.Primitives;
using Verifier.Client;
using Verifier.Client.Identity;
using Verifier.Client.Input;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Policies;
using Verifier.Client.Views;
using Verifier.Fuzz.Tests.Documents;
using Verifier.Fuzz.Tests.Mutators;
using Verifier.Fuzz.Tests.Rig;
using Verifier.TestKit.Identity;

namespace Verifier.Fuzz.Tests.Client;

/// <summary>Mutants of what verifierctl is given: policies and rules as YAML, which a stranger's change may hold, results that a service signed, and its keys.</summary>
public sealed class ClientFuzzTests
{
    [Fact]
    [Trait("target", "client")]
    public void FilesAndResults_AreReadOrRefused() => FuzzDriver.Run(new ClientTarget());

    [Fact]
    public void GoodOnes_AreRead() =>
        Assert.All(new ClientTarget().Formats, f => Assert.All(f.Seeds, s => Assert.StartsWith("read", f.Try(s, new Meter()), StringComparison.Ordinal)));

    [Fact]
    public void FalseAccept_WouldBeSeen() =>
        Assert.Throws<FalseAcceptException>(() => ClientTarget.Demand(Encoding.ASCII.GetString(new ClientTarget().Formats[2].Seeds[0])[..^4] + "AAAA"));
}

/// <summary>Files and results. Whatever is wrong with one is told as a <see cref="CommandFailure"/>, the only exception that the program shows as a message.</summary>
internal sealed class ClientTarget : FormatTarget
{
    private const string Issuer = "https://verifier.example";
    private const string Audience = "https://relying-party.example";
    private const string EvidenceId = "abcd";

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1790000010);
    private static readonly HexBytes Nonce = new([.. Enumerable.Repeat((byte)7, 16)]);
    private static readonly IssuerSigningKey Key = IssuerSigningKey.Ec("k");
    private static readonly string Published = new JsonObject { ["keys"] = new JsonArray(Key.ToJwk()) }.ToJsonString();
    private static readonly JsonWebKeySet Keys = ResultKeys.Parse("keys", Published);
    private static readonly string Good = TokenDraft.Of(Key, Claims()).ToString();
    private static readonly ResultInput Asked = new(Audience, Issuer, null, null, IsOf03: false, null);

    private static readonly VerdictView Verdict = new()
    {
        Outcome = VerdictView.Accepted,
        Summary = "",
        Checks = [],
        Warnings = [],
        EvidenceId = EvidenceId,
        Policy = "default",
        NotCovered = [],
    };

    private static readonly string[] Rules =
    [
        """
        id: firmware-release
        description: Releases of octo/firmware
        roles: [registrar]
        id_prefix: firmware-
        github:
          repository_id: 4711
          repository_owner_id: 815
          ref: refs/tags/v*
          event_names: [push]

        """,
        "id: operator\nroles: [admin, reader]\nother:\n  issuer: https://issuer.example\n  claims:\n    sub: 3f1c2a\n",
    ];

    public override string Name => "client";

    public override int FewestKinds => 30;

    // Results are signed anew with a key of this process.
    public override bool IsKept => false;

    // YAML is read event by event, and each node is told where it stands.
    public override long MostAllocatedFor(int length) => MostAllocated + (256L * length);

    public override IReadOnlyList<Format> Formats { get; } =
    [
        new("policy", [.. DocumentTarget.Policies.Select(d => Encoding.UTF8.GetBytes(PolicyYaml.Write("default", Encoding.UTF8.GetBytes(d))))], YamlMutator.Mutate, ReadPolicy),
        new("rule", [.. Rules.Select(Encoding.UTF8.GetBytes)], YamlMutator.Mutate, ReadRule),
        new("result", [Encoding.ASCII.GetBytes(Good)], MutateResult, (input, meter) => ReadResult(Encoding.Latin1.GetString(input), Keys, meter)),
        new("keys", [Encoding.UTF8.GetBytes(Published)], JsonMutator.Mutate, ReadKeys),
    ];

    /// <summary>What must hold of a result that was believed, found out by the platform's own signature check and reader of JSON.</summary>
    public static void Demand(string token)
    {
        string[] parts = token.Split('.');
        FalseAcceptException.Unless(parts.Length == 3, "it has not three parts");
        FalseAcceptException.Unless(Key.HasSigned(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2])), "the service has not signed it");
        using JsonDocument document = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        JsonElement claims = document.RootElement, guest = claims.GetProperty("submods").GetProperty("cpu0"), said = guest.GetProperty("ear.veraison.policy-claims");
        JsonElement aud = claims.GetProperty("aud");
        FalseAcceptException.Unless(aud.ValueKind == JsonValueKind.Array ? aud.EnumerateArray().Any(a => a.ValueEquals(Audience)) : aud.GetString() == Audience, "it is for another audience");
        FalseAcceptException.Unless(claims.GetProperty("eat_profile").GetString() == "tag:github.com,2023:veraison/ear", "it is of another profile");
        FalseAcceptException.Unless(guest.GetProperty("ear.status").GetString() is "affirming" or "warning" or "contraindicated", "it has no status");
        FalseAcceptException.Unless(claims.GetProperty("iss").GetString() == Issuer, "it is another service's");
        FalseAcceptException.Unless(claims.GetProperty("nbf").GetDouble() < Now.ToUnixTimeSeconds() + 61, "it is not valid yet");
        FalseAcceptException.Unless(claims.GetProperty("exp").GetDouble() > Now.ToUnixTimeSeconds() - 61, "it has expired");
        FalseAcceptException.Unless(claims.GetProperty("eat_nonce").GetString() == Base64Url.EncodeToString(Nonce.Span), "it is for another nonce");
        FalseAcceptException.Unless(said.GetProperty("evidence_id").GetString() == EvidenceId, "it is about other evidence");
        FalseAcceptException.Unless(said.GetProperty("outcome").GetString() == VerdictView.Accepted, "it says that the guest is refused");
    }

    private static string ReadPolicy(byte[] input, Meter meter)
    {
        try
        {
            AppraisalPolicy policy = PolicyFile.Read(new InputFile("policy.yaml", input));

            // What was understood is written so that it is understood again, as the same.
            meter.Aside(() =>
            {
                byte[] document = PolicyDocument.Write(policy);
                AppraisalPolicy again = PolicyFile.Read(new InputFile("again.yaml", Encoding.UTF8.GetBytes(PolicyYaml.Write(policy.Name, document))));
                Assert.Equal(policy.Name, again.Name);
                Assert.Equal(document, PolicyDocument.Write(again));
                return 0;
            });
            return "read";
        }
        catch (CommandFailure failure)
        {
            return Kind($"refused {Rule(failure.Message)}");
        }
    }

    private static string ReadRule(byte[] input, Meter meter)
    {
        try
        {
            IdentityRuleFile.Read(new InputFile("rule.yaml", input));
            return "read";
        }
        catch (CommandFailure failure)
        {
            return Kind($"refused {Rule(failure.Message)}");
        }
    }

    private static string ReadKeys(byte[] input, Meter meter)
    {
        try
        {
            return ReadResult(Good, ResultKeys.Parse("keys", Encoding.UTF8.GetString(input)), meter);
        }
        catch (CommandFailure failure)
        {
            return Kind($"refused {failure.Message}");
        }
    }

    private static string ReadResult(string token, JsonWebKeySet keys, Meter meter)
    {
        try
        {
            ResultView view = ResultCheck.CheckAsync(token, Asked, Nonce, Verdict, keys, Now).GetAwaiter().GetResult();
            return meter.Aside(() =>
            {
                Demand(token);
                return $"read {view.Status}";
            });
        }
        catch (CommandFailure failure)
        {
            return Kind($"refused {failure.Message}");
        }
    }

    // The end of a message: what comes before quotes the file.
    private static string Rule(string message)
    {
        string rule = message[(message.LastIndexOf(": ", StringComparison.Ordinal) + 1)..];
        return rule[..Math.Min(40, rule.Length)];
    }

    private static JsonObject Claims() => new()
    {
        ["eat_profile"] = "tag:github.com,2023:veraison/ear",
        ["iss"] = Issuer,
        ["aud"] = Audience,
        ["iat"] = Now.ToUnixTimeSeconds() - 10,
        ["nbf"] = Now.ToUnixTimeSeconds() - 10,
        ["exp"] = Now.ToUnixTimeSeconds() + 290,
        ["eat_nonce"] = Base64Url.EncodeToString(Nonce.Span),
        ["submods"] = new JsonObject
        {
            ["cpu0"] = new JsonObject
            {
                ["ear.status"] = "affirming",
                ["ear.veraison.policy-claims"] = new JsonObject { ["outcome"] = VerdictView.Accepted, ["evidence_id"] = EvidenceId },
            },
        },
    };

    private static string Sign(ReadOnlySpan<byte> header, ReadOnlySpan<byte> claims)
    {
        string signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(Key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    // Claims and header are changed as JSON, and mostly signed again: a service may sign anything.
    private static byte[] MutateResult(Random random, byte[] input, IReadOnlyList<byte[]> donors)
    {
        string[] parts = Encoding.Latin1.GetString(input).Split('.');
        if (parts.Length != 3 || !Base64Url.IsValid(parts[0]) || !Base64Url.IsValid(parts[1]) || random.Next(8) == 0)
        {
            return ByteMutator.Mutate(random, input);
        }

        byte[] header = Base64Url.DecodeFromChars(parts[0]), claims = Base64Url.DecodeFromChars(parts[1]);
        (header, claims) = random.Next(6) == 0 ? (JsonMutator.Mutate(random, header, [header, claims]), claims) : (header, JsonMutator.Mutate(random, claims, [claims]));
        return Encoding.ASCII.GetBytes(random.Next(6) == 0 ? $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}.{parts[2]}" : Sign(header, claims));
    }
}

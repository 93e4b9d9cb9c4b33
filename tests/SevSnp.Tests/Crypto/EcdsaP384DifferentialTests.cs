using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using SevSnp.Crypto;
using static SevSnp.Tests.Crypto.P384Math;

namespace SevSnp.Tests.Crypto;

/// <summary>
/// The default engine against OpenSSL, which sees every signature as it is, without this library's own tests of range: the two must say
/// the same of each. tests/differential.sh runs more cases.
/// </summary>
public class EcdsaP384DifferentialTests
{
    private const int CasesOfAKey = 500;

    [Fact]
    public void T07_T11_BothEnginesSayTheSame()
    {
        int cases = Setting("VERIFIER_DIFFERENTIAL_CASES", 100_000);
        int seed = Setting("VERIFIER_DIFFERENTIAL_SEED", 20261126);
        int threads = Setting("VERIFIER_DIFFERENTIAL_THREADS", Environment.ProcessorCount);
        int keys = (cases + CasesOfAKey - 1) / CasesOfAKey;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}, {keys} keys of {CasesOfAKey} cases");
        ConcurrentDictionary<string, (long Accepted, long Refused)> kinds = [];
        using StreamWriter? log = Environment.GetEnvironmentVariable("VERIFIER_DIFFERENTIAL_LOG") is { } file ? new StreamWriter(file, append: true) { AutoFlush = true } : null;
        Stopwatch time = Stopwatch.StartNew();
        int done = 0;
        Parallel.For(0, keys, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = TestContext.Current.CancellationToken }, i =>
        {
            Compare(seed + i, kinds);
            int now = Interlocked.Increment(ref done);
            if (log is not null && (now % 200 == 0 || now == keys))
            {
                lock (log)
                {
                    log.WriteLine(FormattableString.Invariant($"seed {seed}: {(long)now * CasesOfAKey} cases of {keys} keys, 0 disagreements, {time.Elapsed:hh\\:mm\\:ss}"));
                }
            }
        });

        foreach ((string kind, (long accepted, long refused)) in kinds.OrderBy(k => k.Key))
        {
            log?.WriteLine(FormattableString.Invariant($"{kind,-20} {accepted,10} accepted {refused,10} refused"));
        }

        // Neither engine says the same of everything.
        long all = (long)keys * CasesOfAKey;
        Assert.Equal(all, kinds.Values.Sum(k => k.Accepted + k.Refused));
        Assert.InRange(kinds.Values.Sum(k => k.Accepted), all * 5 / 10, all * 8 / 10);
        Assert.Equal(16, kinds.Count);
    }

    private static void Compare(int seed, ConcurrentDictionary<string, (long Accepted, long Refused)> kinds)
    {
        SignatureCases cases = new(seed);
        byte[] point = Encode(cases.Key);
        Assert.True(EcdsaP384Key.TryCreate(point, out EcdsaP384Key? key), $"seed {seed}: key");
        using ECDsa platform = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP384,
            Q = new ECPoint { X = point[1..49], Y = point[49..] },
        });
        for (int i = 0; i < CasesOfAKey; i++)
        {
            SignatureCase test = cases.Next();
            bool ours = key.VerifyDigest(test.Digest, test.Signature, SignatureEngine.BouncyCastle);
            bool theirs = platform.VerifyHash(test.Digest, test.Signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            if (ours != theirs || (test.IsValid is { } expected && expected != ours))
            {
                Assert.Fail(
                    $"seed {seed} case {i} ({test.Kind}): BouncyCastle {ours}, OpenSSL {theirs}, by construction {test.IsValid}; key {Convert.ToHexString(point)} digest {Convert.ToHexString(test.Digest)} signature {Convert.ToHexString(test.Signature)}");
            }

            kinds.AddOrUpdate(test.Kind, (ours ? 1 : 0, ours ? 0 : 1), (_, n) => (n.Accepted + (ours ? 1 : 0), n.Refused + (ours ? 0 : 1)));
        }
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}

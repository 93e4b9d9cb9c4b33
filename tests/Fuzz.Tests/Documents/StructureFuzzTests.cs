using System.Security.Cryptography;
using System.Text;
using SevSnp.Firmware;
using SevSnp.IdBlocks;
using SevSnp.Launch;
using SevSnp.Primitives;
using Verifier.Fuzz.Tests.Mutators;
using Verifier.Fuzz.Tests.Rig;
using Verifier.TestKit;
using Verifier.TestKit.Firmware;

namespace Verifier.Fuzz.Tests.Documents;

/// <summary>Mutants of binary structures other than reports and IGVM: ID blocks and their authentication, keys, firmware images.</summary>
public sealed class StructureFuzzTests
{
    [Fact]
    [Trait("target", "structures")]
    public void Structures_AreReadOrRefused() => FuzzDriver.Run(new StructureTarget());

    [Fact]
    public void GoodStructures_AreRead() =>
        Assert.All(new StructureTarget().Formats, f => Assert.All(f.Seeds, s => Assert.StartsWith("read", f.Try(s, new Meter()), StringComparison.Ordinal)));
}

/// <summary>Structures.</summary>
internal sealed class StructureTarget : FormatTarget
{
    private static readonly P384PrivateKey Id = Key(2);
    private static readonly P384PrivateKey Author = Key(3);
    private static readonly IdBlock Block = Create();
    private static readonly byte[][] Pages = [IdAuth.Sign(Block, Id).ToArray(), IdAuth.Sign(Block, Id, Author).ToArray()];

    public override string Name => "structures";

    public override int FewestKinds => 25;

    // The first signature of a key that was never seen before costs 1 MiB in BouncyCastle's arithmetic, and an ID authentication has two.
    public override long MostAllocated => 9 << 18;

    public override IReadOnlyList<Format> Formats { get; } =
    [
        new("ID block", [Block.ToArray()], (random, input, _) => ByteMutator.Mutate(random, input), ReadBlock),
        new("ID authentication", Pages, (random, input, _) => ByteMutator.Mutate(random, input), ReadPage),
        new("public key", [Id.PublicKey.ToArray()], (random, input, _) => ByteMutator.Mutate(random, input), ReadKey),
        new("private PEM", [Encoding.ASCII.GetBytes(Pem(2))], TextMutator.Mutate, (input, _) =>
            P384PrivateKey.TryReadPem(Encoding.Latin1.GetString(input), out P384PrivateKey? _, out IdBlockFault fault) ? "read" : Kind(fault.ToString())),
        new("public PEM", [Encoding.ASCII.GetBytes(PublicPem())], TextMutator.Mutate, (input, _) =>
            SnpPublicKey.TryReadPem(Encoding.Latin1.GetString(input), out SnpPublicKey? _, out IdBlockFault fault) ? "read" : Kind(fault.ToString())),
        new("firmware", [FirmwareImageBuilder.AmdSev().Build(), FirmwareImageBuilder.Stage1().Build()], MutateFirmware, (input, _) =>
            FirmwareImage.TryParse(input, out FirmwareImage? _, out FirmwareFault fault) ? "read" : Kind(fault.ToString())),
    ];

    private static string ReadBlock(byte[] input, Meter meter)
    {
        if (!IdBlock.TryParse(input, out IdBlock? block, out IdBlockFault fault))
        {
            return Kind(fault.ToString());
        }

        Assert.Equal(input, block.ToArray());
        return "read";
    }

    private static string ReadPage(byte[] input, Meter meter)
    {
        if (!IdAuth.TryParse(input, out IdAuth? auth, out IdBlockFault fault))
        {
            return Kind(fault.ToString());
        }

        Assert.Equal(input, auth.ToArray());
        if (auth.Verify(Block) != IdAuthOutcome.Valid)
        {
            return "read, signature bad";
        }

        bool isGenuine = auth.IdKey.Digest == Id.PublicKey.Digest && (auth.AuthorKey is null || auth.AuthorKey.Digest == Author.PublicKey.Digest);
        return isGenuine ? "read, signed" : throw new FalseAcceptException("a key that signed nothing verifies");
    }

    private static string ReadKey(byte[] input, Meter meter)
    {
        if (!SnpPublicKey.TryParse(input, out SnpPublicKey? key, out IdBlockFault fault))
        {
            return Kind(fault.ToString());
        }

        Assert.Equal(input, key.ToArray());
        return "read";
    }

    // What is read stands in the last page, from the end.
    private static byte[] MutateFirmware(Random random, byte[] input, IReadOnlyList<byte[]> donors)
    {
        if (input.Length < 4096 || random.Next(8) == 0)
        {
            return ByteMutator.Mutate(random, input);
        }

        byte[] bytes = [.. input];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = bytes.Length - 1 - random.Next(400);
            if (random.Next(2) == 0)
            {
                bytes[at] ^= (byte)(1 << random.Next(8));
            }
            else
            {
                Numbers.Write(random, bytes.AsSpan(at, Math.Min(bytes.Length - at, 1 << random.Next(1, 4))), random.Next(2) == 0 ? 0 : bytes.Length);
            }
        }

        return bytes;
    }

    private static IdBlock Create() => IdBlock.TryCreate(
        new Digest384(ReportBuilder.DefaultMeasurement), new HexBytes(new byte[16]), new HexBytes(new byte[16]), 7, new GuestPolicy(0x30000), out IdBlock? block, out IdBlockFault fault)
        ? block
        : throw new InvalidOperationException(fault.ToString());

    // Keys that anybody can guess: nothing is signed with them but this.
    private static P384PrivateKey Key(byte scalar) =>
        P384PrivateKey.TryReadPem(Pem(scalar), out P384PrivateKey? key, out IdBlockFault fault) ? key : throw new InvalidOperationException(fault.ToString());

    private static string Pem(byte scalar)
    {
        byte[] d = new byte[48];
        d[^1] = scalar;
        using ECDsa ecdsa = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP384, D = d });
        return ecdsa.ExportECPrivateKeyPem();
    }

    private static string PublicPem()
    {
        using ECDsa ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(Pem(2));
        return ecdsa.ExportSubjectPublicKeyInfoPem();
    }
}

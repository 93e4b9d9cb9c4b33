using SevSnp.IdBlocks;
using SevSnp.Igvm;
using Verifier.TestKit;

namespace Verifier.Client.Tests;

/// <summary>Small IGVM files for transcripts. Their digests stand in <see cref="Digests"/>, computed by other means than this library.</summary>
internal static class SampleIgvm
{
    private const uint Snp = 1;
    private const uint Tdx = 4;
    private const ulong VmsaGpa = 0xFFFFFFFFF000;

    public static IReadOnlyDictionary<string, string> Digests { get; } = new Dictionary<string, string>
    {
        ["igvmSpec"] = "8bb2cd903ddee10f7e5228f53c09377331bd8b638afb0d527aa74881b506192592d4b3bb938e2caf2bf6e6b6bd063265",
        ["igvmKvm"] = "a34c99222a6f00be33ab320a1986736bb962cc98a98a2ef4f259811d410ddbd485205fa2a6a7a9346d52f10d882655bb",
        ["igvmKvm4"] = "27e711dc8b4e5d7308dcd3c70de43ca28e7fcf72d6465e61bcde0bb2ac6b491f811a51afff6ae1a3e8dd34c0a36b1484",
        ["igvmNative"] = "57cafa36e82f514f73b6b4d1b6d84082cce1c753997569d639b9c38de3a3a84a8cb883f459bb1e8e469603a2192781f6",
        ["igvmVanadium"] = "0ec4bfe64a3ee2b3e2dcc897377c2e627a719a896ae3b76c0f31fe3b52043bd165b2bb96dbc2187ceeab53457d553c9e",
        ["igvmDebugSwap"] = "b528e745053d01d44988566b7588784e727eb8f9927ae5217b098d570f5dff4823cdefb6b1837839fd17110365cbeffd",
        ["igvmWithoutVmsa"] = "7a15e60be0ff1836de9f435061e5cc30a6abee8f1cd954ebc32ea14f032b4c2a451f814086fb74c7eba2b92e74af7516",
        ["igvmOther"] = "ad4106fb2869397c2e08791aa6952360e17fb9e03babdb75a5339abf33b9e25336070fba66e80d0420a0603409080477",
    };

    /// <summary>
    /// Writes guest.igvm (a page, a save area, a zero page), other.igvm (the same with another page), tdx.igvm (not for SEV-SNP),
    /// overlap.igvm (a rule broken that tools accept), broken.igvm (a bit of its headers flipped) and empty.igvm.
    /// </summary>
    public static void WriteTo(DirectoryInfo folder)
    {
        byte[] guest = Guest(1);
        Write("guest", guest);
        Write("other", Guest(2));
        Write("tdx", new IgvmBuilder().Platform(IgvmPlatformType.Tdx, Tdx).Page(0x10000, Tdx, Filled(1)).Build());
        Write("overlap", Start().Page(0x10000, Snp, Filled(1)).Page(0x10000, Snp, Filled(2)).Build());
        guest[40] ^= 1;
        Write("broken", guest);
        Write("empty", []);

        void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(folder.FullName, $"{name}.igvm"), bytes);
    }

    /// <summary>Writes forged.igvm: other.igvm with an ID block that names the key of id.pem, which signed something else.</summary>
    public static void WriteForgedTo(DirectoryInfo folder)
    {
        string pem = File.ReadAllText(Path.Combine(folder.FullName, "id.pem"));
        if (!P384PrivateKey.TryReadPem(pem, out P384PrivateKey? key, out _)
            || !IgvmReader.TryRead(Guest(2), IgvmReadOptions.Default, out IgvmFile? file, out _)
            || !IgvmIdBlockSigner.TryCreateBlock(file, default, null, null, 3, out IdBlock? signed, out _)
            || !IgvmIdBlockSigner.TryCreateBlock(file, default, null, null, 9, out IdBlock? stated, out _)
            || !IgvmIdBlockSigner.TryAdd(file, stated, IdAuth.Sign(signed, key), out IgvmFile? forged, out _))
        {
            throw new InvalidOperationException("forged.igvm cannot be made");
        }

        using FileStream stream = File.Create(Path.Combine(folder.FullName, "forged.igvm"));
        forged.Bytes.WriteTo(stream);
    }

    /// <summary>
    /// Writes reports of guests: spec.bin, kvm4.bin, vanadium.bin, debugswap.bin, novmsa.bin and other.bin by their measurement; wrong.bin has the measurement
    /// of guest.igvm under QEMU and KVM but nothing else right; newer.bin has another measurement and the same signer.
    /// </summary>
    public static void WriteReportsTo(DirectoryInfo folder)
    {
        Write("spec", new() { Measurement = Measurement("igvmSpec") });
        Write("kvm4", new() { Measurement = Measurement("igvmKvm4") });
        Write("vanadium", new() { Measurement = Measurement("igvmVanadium") });
        Write("debugswap", new() { Measurement = Measurement("igvmDebugSwap") });
        Write("novmsa", new() { Measurement = Measurement("igvmWithoutVmsa") });
        Write("other", new() { Measurement = Measurement("igvmOther") });
        Write("wrong", new() { Measurement = Measurement("igvmKvm"), Policy = 0xB0000, Vmpl = 2, GuestSvn = 1, ImageId = [.. Enumerable.Repeat((byte)7, 16)] });
        Write("newer", new() { Measurement = [.. Enumerable.Repeat((byte)9, 48)], GuestSvn = 4, IdKeyDigest = Convert.FromHexString(SigningKeys.IdKeyDigest) });

        void Write(string name, ReportBuilder report) => File.WriteAllBytes(Path.Combine(folder.FullName, $"{name}.bin"), report.Build());
    }

    private static byte[] Measurement(string name) => Convert.FromHexString(Digests[name]);

    private static byte[] Guest(byte content)
    {
        byte[] vmsa = new byte[4096];
        vmsa[0x158] = 0x31;
        vmsa[0x3B0] = 1;
        return Start().Page(0x10000, Snp, Filled(content)).VpContext(VmsaGpa, Snp, vmsa).Page(0x11000, Snp).Build();
    }

    private static IgvmBuilder Start() => new IgvmBuilder().Platform(IgvmPlatformType.SevSnp, Snp).Policy(0x30000, Snp);

    private static byte[] Filled(byte value)
    {
        byte[] page = new byte[4096];
        page.AsSpan().Fill(value);
        return page;
    }
}

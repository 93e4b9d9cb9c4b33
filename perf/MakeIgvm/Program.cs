using System.Globalization;
using System.Security.Cryptography;
using SevSnp.Igvm;

const uint Snp = 1;
const int PageSize = 4096;
const ulong VmsaGpa = 0xFFFFFFFFF000;

if (args is not [var path, var size] || !int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int mebibytes) || mebibytes is < 1 or > 1024)
{
    Console.Error.WriteLine("usage: MakeIgvm FILE MEBIBYTES (1 to 1024): writes an IGVM file with that much page data, no two pages alike");
    return 1;
}

byte[] data = new byte[mebibytes << 20];
RandomNumberGenerator.Fill(data);
IgvmBuilder file = new IgvmBuilder().Platform(IgvmPlatformType.SevSnp, Snp).Policy(0x30000, Snp);
for (int at = 0; at < data.Length; at += PageSize)
{
    file.Page(0x100000 + (ulong)at, Snp, data.AsMemory(at, PageSize));
}

byte[] vmsa = new byte[PageSize];
vmsa[0x158] = 0x31;
vmsa[0x3B0] = 1;
await File.WriteAllBytesAsync(path, file.VpContext(VmsaGpa, Snp, vmsa).Build());
return 0;

using Google.Protobuf.Collections;
using SevSnp.Launch;
using SevSnp.Policies;
using Verifier.Service.Rpc.Errors;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>TCB versions, CPU signatures, firmware versions and floors, both ways.</summary>
internal static class TcbMapping
{
    private const int MostFloors = 32;

    public static Proto.TcbVersion ToProto(TcbVersion tcb)
    {
        Proto.TcbVersion result = new() { BootLoader = tcb.BootLoader, Tee = tcb.Tee, Snp = tcb.Snp, Microcode = tcb.Microcode };
        if (tcb.Layout == TcbLayout.Turin)
        {
            result.Fmc = tcb.Fmc;
        }

        return result;
    }

    public static Proto.CpuSignature ToProto(CpuSignature cpu) => new() { Family = cpu.Family, Model = cpu.Model, Stepping = cpu.Stepping };

    public static Proto.FirmwareVersion ToProto(FirmwareVersion version) => new() { Major = version.Major, Minor = version.Minor, Build = version.Build };

    public static Proto.TcbFloor ToProto(TcbFloor floor) => new()
    {
        Product = floor.Product.ToProto(),
        Cpu = floor.Cpu is { } cpu ? ToProto(cpu) : null,
        Reported = floor.Reported is { } reported ? ToProto(reported) : null,
        Committed = floor.Committed is { } committed ? ToProto(committed) : null,
        Launch = floor.Launch is { } launch ? ToProto(launch) : null,
    };

    public static FirmwareVersion Firmware(FieldPath path, Proto.FirmwareVersion value) => new(
        FieldRules.Byte(path.Field("major"), value.Major),
        FieldRules.Byte(path.Field("minor"), value.Minor),
        FieldRules.Byte(path.Field("build"), value.Build));

    public static IReadOnlyList<TcbFloor> Floors(FieldPath path, RepeatedField<Proto.TcbFloor> floors)
    {
        if (!FieldRules.AtMost(path, floors.Count, MostFloors))
        {
            return [];
        }

        HashSet<(ProductLine, CpuSignature?)> seen = [];
        List<TcbFloor> result = [];
        for (int i = 0; i < floors.Count; i++)
        {
            if (Floor(path.At(i), floors[i]) is { } floor)
            {
                result.Add(floor);
                if (!seen.Add((floor.Product, floor.Cpu)))
                {
                    path.At(i).Fail(ViolationReasons.Duplicate, "there is another floor for the same product and CPU");
                }
            }
        }

        return result;
    }

    private static TcbFloor? Floor(FieldPath path, Proto.TcbFloor value)
    {
        if (!FieldRules.Known(path.Field("product"), value.Product))
        {
            return null;
        }

        ProductLine product = value.Product.ToDomain();
        if (value.Reported is null && value.Committed is null && value.Launch is null)
        {
            path.Fail(ViolationReasons.Required, "must state at least one of reported, committed and launch");
        }

        return new TcbFloor(
            product,
            value.Cpu is null ? null : Cpu(path.Field("cpu"), value.Cpu, product),
            Tcb(path.Field("reported"), value.Reported, product),
            Tcb(path.Field("committed"), value.Committed, product),
            Tcb(path.Field("launch"), value.Launch, product));
    }

    private static CpuSignature Cpu(FieldPath path, Proto.CpuSignature value, ProductLine product)
    {
        CpuSignature cpu = new(
            FieldRules.Byte(path.Field("family"), value.Family),
            FieldRules.Byte(path.Field("model"), value.Model),
            FieldRules.Byte(path.Field("stepping"), value.Stepping));
        if (ProductLines.FromCpu(cpu) != product)
        {
            path.Fail(ViolationReasons.Contradictory, "is not a CPU of this product");
        }

        return cpu;
    }

    private static TcbVersion? Tcb(FieldPath path, Proto.TcbVersion? value, ProductLine product)
    {
        if (value is null)
        {
            return null;
        }

        TcbLayout layout = product.TcbLayout();
        if (value.HasFmc != (layout == TcbLayout.Turin))
        {
            path.Field("fmc").Fail(ViolationReasons.Contradictory, "must be set for Turin and for no other product");
        }

        return new TcbVersion(
            layout,
            FieldRules.Byte(path.Field("fmc"), value.Fmc),
            FieldRules.Byte(path.Field("boot_loader"), value.BootLoader),
            FieldRules.Byte(path.Field("tee"), value.Tee),
            FieldRules.Byte(path.Field("snp"), value.Snp),
            FieldRules.Byte(path.Field("microcode"), value.Microcode));
    }
}

using Verifier.Contracts.V1;
using Verifier.Service.Rpc.Errors;
using Verifier.Service.Rpc.Mapping;
using Verifier.Tests.Hosting;
using Domain = SevSnp.Policies.Constraints;

namespace Verifier.Tests.Rpc;

public sealed class ConstraintsMappingTests
{
    public static TheoryData<string> Fields => [.. Constraints.Descriptor.Fields.InDeclarationOrder().Select(f => f.Name)];

    [Fact]
    public void EveryField_ComesBackAsItWent()
    {
        Constraints full = Full();

        Assert.All(Constraints.Descriptor.Fields.InDeclarationOrder(), f => Assert.NotEqual(f.Accessor.GetValue(new Constraints()), f.Accessor.GetValue(full)));
        Assert.Equal(full, ConstraintsWriter.ToProto(Read(full)));
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void OneField_StatesSomething_AndNothingElse(string name)
    {
        Constraints one = new();
        Google.Protobuf.Reflection.FieldDescriptor field = Constraints.Descriptor.FindFieldByName(name);
        if (field.IsRepeated)
        {
            one.MergeFrom(Full());
            foreach (Google.Protobuf.Reflection.FieldDescriptor other in Constraints.Descriptor.Fields.InDeclarationOrder().Where(f => f != field))
            {
                other.Accessor.Clear(one);
            }
        }
        else
        {
            field.Accessor.SetValue(one, field.Accessor.GetValue(Full()));
        }

        Domain read = Read(one);

        Assert.NotEqual(Domain.None, read);
        Assert.Equal(one, ConstraintsWriter.ToProto(read));
    }

    [Fact]
    public void NothingStated_IsNothing()
    {
        Assert.Null(ConstraintsWriter.ToProto(Domain.None));
        Assert.Null(ConstraintsWriter.ToProto(Read(new Constraints())));
        Assert.Same(Domain.None, ConstraintsReader.Read(new FieldViolations().Root, null));
    }

    [Fact]
    public void EmptySetOfVmpls_AllowsNone_AndIsKept()
    {
        Domain read = Read(new Constraints { Vmpls = new VmplSet() });

        Assert.Empty(read.Vmpls!);
        Assert.NotNull(ConstraintsWriter.ToProto(read)!.Vmpls);
    }

    [Fact]
    public async Task EveryField_ComesBackFromTheRegistry()
    {
        await using TestService service = await TestService.StartAsync();
        CreateReferenceValueRequest request = Requests.Create();
        request.ReferenceValue.Constraints = Full();
        request.ReferenceValue.Measurements[0].Profile = "qemu-kvm";
        request.ReferenceValue.Measurements[0].VcpuCount = 4;
        request.ReferenceValue.ExpireTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(service.Clock.GetUtcNow().AddDays(1));
        request.ReferenceValue.Provenance = new Provenance
        {
            FileSha384 = Requests.Bytes(48), FileSize = 7, Repository = "https://example.org/svsm", Commit = "abc", BuildUrl = "https://example.org/run/1",
        };

        ReferenceValue stored = (await service.Registry.CreateReferenceValueAsync(request, TestService.Registrar, cancellationToken: TestContext.Current.CancellationToken)).ReferenceValue;

        ReferenceValue expected = request.ReferenceValue.Clone();
        expected.Name = Requests.Name();
        expected.State = ReferenceValue.Types.State.Active;
        expected.Origin = ReferenceValue.Types.Origin.Asserted;
        expected.Registrar = "admin";
        expected.CreateTime = expected.UpdateTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(service.Clock.GetUtcNow());
        expected.Etag = stored.Etag;
        Assert.Equal(expected, stored);
        Assert.NotEqual("", stored.Etag);
    }

    private static Domain Read(Constraints value)
    {
        FieldViolations violations = new();
        Domain result = ConstraintsReader.Read(violations.Root, value);
        Assert.Empty(violations.Items);
        return result;
    }

    private static Constraints Full() => new()
    {
        Vmpls = new VmplSet { Values = { 0, 2 } },
        GuestPolicy = new GuestPolicyRule { Required = 1UL << 20, Forbidden = 1UL << 16, MinAbiMajor = 1, MinAbiMinor = 51 },
        PlatformInfo = new PlatformInfoRule { Required = 1UL << 5, Forbidden = 1UL << 60 },
        Signer = new SignerRule
        {
            Pinned = new SignerRule.Types.PinnedSigner
            {
                IdKeyDigests = { Requests.Bytes(48, 1), Requests.Bytes(48, 2) },
                AuthorKeyDigests = { Requests.Bytes(48, 3) },
                MinGuestSvn = 9,
                FamilyId = Requests.Bytes(16, 4),
                ImageId = Requests.Bytes(16, 5),
            },
        },
        HostData = Requests.Bytes(32),
        TcbFloors =
        {
            new TcbFloor
            {
                Product = Product.Milan,
                Cpu = new CpuSignature { Family = 0x19, Model = 1, Stepping = 1 },
                Reported = new TcbVersion { BootLoader = 1, Tee = 2, Snp = 3, Microcode = 4 },
                Committed = new TcbVersion { Snp = 5 },
                Launch = new TcbVersion { Microcode = 6 },
            },
            new TcbFloor { Product = Product.Turin, Committed = new TcbVersion { Fmc = 1, Snp = 2 } },
        },
        MinFirmware = new FirmwareVersion { Major = 1, Minor = 55, Build = 40 },
        RequiredMitigations = 0xF,
        Products = { Product.Milan, Product.Turin },
        ChipIds = { Requests.Bytes(64, 1), Requests.Bytes(64, 2) },
        MinReportVersion = 3,
        SigningKeys = { SigningKeyKind.Vcek, SigningKeyKind.Vlek },
        MinCurrentFirmware = new FirmwareVersion { Major = 1, Minor = 58, Build = 1 },
    };
}

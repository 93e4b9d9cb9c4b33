using System.Buffers;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Verifier.Contracts.V1;
using Verifier.Service.Identity.Bearer;
using Verifier.Service.Rpc;
using Verifier.Service.Rpc.Errors;
using Verifier.Service.Rpc.Mapping;
using Verifier.TestKit;
using Verifier.Tests.Rpc;
using Verifier.Tests.Web;

namespace Verifier.Fuzz.Tests.Rpc;

/// <summary>
/// Every request of the contract: its name, how the service takes it from the wire (strictly), and how it makes values of it that need no
/// more checks. Nothing is done with them here.
/// </summary>
internal static class Readers
{
    private static readonly TokenValidator Issuers = new([], new FakeTimeProvider(VirtualAmd.Now));

    private static readonly Dictionary<Type, Action<IMessage>> Mappings = new()
    {
        [typeof(VerifyRequest)] = m => VerifyMapping.Read((VerifyRequest)m),
        [typeof(VerifyStreamRequest)] = m => _ = StrictBinder.HasUnknownFields(m) ? throw StrictBinder.UnknownFields() : VerifyMapping.Read(((VerifyStreamRequest)m).Request ?? new VerifyRequest()),
        [typeof(CreateChallengeRequest)] = m => ChallengeMapping.Read((CreateChallengeRequest)m, TimeSpan.FromHours(1)),
        [typeof(CreateReferenceValueRequest)] = m => ReferenceValueReader.Read((CreateReferenceValueRequest)m, VirtualAmd.Now),
        [typeof(ObserveReferenceValueRequest)] = m => ObservationReader.Read((ObserveReferenceValueRequest)m, VirtualAmd.Now),
        [typeof(RegisterIgvmRequest)] = m => IgvmRegistrationReader.Read((RegisterIgvmRequest)m, VirtualAmd.Now),
        [typeof(RegisterFirmwareRequest)] = m => FirmwareRegistrationReader.Read((RegisterFirmwareRequest)m, VirtualAmd.Now),
        [typeof(GetReferenceValueRequest)] = m => RegistryMapping.Read((GetReferenceValueRequest)m),
        [typeof(ListReferenceValuesRequest)] = m => RegistryMapping.Read((ListReferenceValuesRequest)m),
        [typeof(LookupMeasurementRequest)] = m => RegistryMapping.Read((LookupMeasurementRequest)m),
        [typeof(ActivateReferenceValueRequest)] = m => RegistryMapping.Read((ActivateReferenceValueRequest)m),
        [typeof(DeprecateReferenceValueRequest)] = m => RegistryMapping.Read((DeprecateReferenceValueRequest)m),
        [typeof(RevokeReferenceValueRequest)] = m => RegistryMapping.Read((RevokeReferenceValueRequest)m),
        [typeof(WatchReferenceValuesRequest)] = m => WatchMapping.Read((WatchReferenceValuesRequest)m),
        [typeof(ApplyPolicyRequest)] = m => PolicyMapping.Read((ApplyPolicyRequest)m),
        [typeof(GetPolicyRequest)] = m => PolicyMapping.Read((GetPolicyRequest)m),
        [typeof(ListPoliciesRequest)] = m => PolicyMapping.Read((ListPoliciesRequest)m),
        [typeof(ListPolicyVersionsRequest)] = m => PolicyMapping.Read((ListPolicyVersionsRequest)m),
        [typeof(DeletePolicyRequest)] = m => PolicyMapping.Read((DeletePolicyRequest)m),
        [typeof(EvaluatePolicyRequest)] = m => PolicyMapping.Read((EvaluatePolicyRequest)m),
        [typeof(CreateLiftRequestRequest)] = m => LiftMapping.Read((CreateLiftRequestRequest)m),
        [typeof(ApproveLiftRequestRequest)] = m => LiftMapping.Read((ApproveLiftRequestRequest)m),
        [typeof(GetLiftRequestRequest)] = m => LiftMapping.Read((GetLiftRequestRequest)m),
        [typeof(ListLiftRequestsRequest)] = m => LiftMapping.Read((ListLiftRequestsRequest)m),
        [typeof(GetTreeHeadRequest)] = m => LogMapping.Tenant(((GetTreeHeadRequest)m).Parent),
        [typeof(GetInclusionProofRequest)] = m => LogMapping.Read((GetInclusionProofRequest)m),
        [typeof(GetConsistencyProofRequest)] = m => LogMapping.Read((GetConsistencyProofRequest)m),
        [typeof(ListChangesRequest)] = m => LogMapping.Read((ListChangesRequest)m),
        [typeof(ListStoredResourcesRequest)] = m => StoredMapping.Read((ListStoredResourcesRequest)m),
        [typeof(CheckTombstonesRequest)] = m => StoredMapping.Read((CheckTombstonesRequest)m),
        [typeof(ExportTenantRequest)] = m => LogMapping.Tenant(((ExportTenantRequest)m).Parent),
        [typeof(ImportTenantRequest)] = m => LogMapping.Tenant(((ImportTenantRequest)m).Parent),
        [typeof(CreateIdentityRuleRequest)] = m => Checked(p => IdentityRuleMapping.Read(p.Field("identity_rule"), ((CreateIdentityRuleRequest)m).IdentityRule, Issuers)),
        [typeof(UpdateIdentityRuleRequest)] = m => Checked(p => IdentityRuleMapping.Read(p.Field("identity_rule"), ((UpdateIdentityRuleRequest)m).IdentityRule, Issuers)),
        [typeof(GetIdentityRuleRequest)] = m => Checked(p => IdentityRuleMapping.Name(p, ((GetIdentityRuleRequest)m).Name)),
        [typeof(DeleteIdentityRuleRequest)] = m => Checked(p => IdentityRuleMapping.Name(p, ((DeleteIdentityRuleRequest)m).Name)),
        [typeof(ListIdentityRulesRequest)] = m => Checked(p => NameMapping.Parent(p, ((ListIdentityRulesRequest)m).Parent)),
        [typeof(TestIdentityRulesRequest)] = m => Checked(p => IdentityRuleMapping.Identity(p, ((TestIdentityRulesRequest)m).Issuer, ((TestIdentityRulesRequest)m).ClaimsJson, Issuers)),
        [typeof(CreateTenantRequest)] = m => Checked(p => IdentityRuleMapping.Read(p.Field("identity_rule"), ((CreateTenantRequest)m).IdentityRule, Issuers)),
        [typeof(GetTenantRequest)] = m => Checked(p => NameMapping.Parent(p, ((GetTenantRequest)m).Name)),
        [typeof(ListTenantsRequest)] = _ => { },
        [typeof(UpdateTenantSettingsRequest)] = m => Checked(p => NameMapping.Parent(p, ((UpdateTenantSettingsRequest)m).Name)),
    };

    public static IReadOnlyList<RequestReader> All { get; } = Bind();

    private static List<RequestReader> Bind()
    {
        Collector collector = new();
        StrictBinder binder = new(collector);
        VerifierService.BindService(binder, null);
        RegistryService.BindService(binder, null);
        PolicyService.BindService(binder, null);
        RevocationLiftService.BindService(binder, null);
        LogService.BindService(binder, null);
        IdentityRuleService.BindService(binder, null);
        TenantService.BindService(binder, null);
        return collector.Readers;
    }

    private static void Checked<T>(Func<FieldPath, T> read)
    {
        FieldViolations violations = new();
        read(violations.Root);
        violations.ThrowIfAny();
    }

    /// <summary>Good requests: those that tests send, and others with every kind of field filled.</summary>
    private static List<byte[]> Seeds(IMessage empty)
    {
        IMessage[] own = [Requests.Verify(), Requests.Create(), Requests.CreateBySigner(), Requests.Observe()];
        List<IMessage> seeds = [.. own.Where(m => m.GetType() == empty.GetType())];
        for (int i = 0; i < 3; i++)
        {
            seeds.Add(new RandomMessages(i + 1).Of(empty.Descriptor));
        }

        return seeds.ConvertAll(s => s.ToByteArray());
    }

    private sealed class Collector : ServiceBinderBase
    {
        public List<RequestReader> Readers { get; } = [];

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) => Add(method);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) => Add(method);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) => Add(method);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) => Add(method);

        private void Add<TRequest, TResponse>(Method<TRequest, TResponse> method)
            where TRequest : class
            where TResponse : class
        {
            IMessage empty = (IMessage)Activator.CreateInstance<TRequest>();
            Readers.Add(new RequestReader(
                method.Name,
                method.FullName,
                method.Type,
                empty.Descriptor,
                bytes => (IMessage)method.RequestMarshaller.ContextualDeserializer(new Payload(bytes)),
                Mappings[typeof(TRequest)],
                Seeds(empty)));
        }
    }

    private sealed class Payload(byte[] bytes) : DeserializationContext
    {
        public override int PayloadLength => bytes.Length;

        public override byte[] PayloadAsNewBuffer() => [.. bytes];

        public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(bytes);
    }
}

/// <summary>How one request is read.</summary>
/// <param name="Name">Of the method.</param>
/// <param name="Path">Of the method in a call.</param>
/// <param name="Kind">Unary or streaming.</param>
/// <param name="Type">Of the message.</param>
/// <param name="Read">From the wire, as the service does.</param>
/// <param name="Map">To values.</param>
/// <param name="Seeds">Good requests, or nearly.</param>
internal sealed record RequestReader(
    string Name, string Path, MethodType Kind, MessageDescriptor Type, Func<byte[], IMessage> Read, Action<IMessage> Map, IReadOnlyList<byte[]> Seeds);

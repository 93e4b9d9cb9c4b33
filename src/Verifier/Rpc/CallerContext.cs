using Grpc.Core;
using Verifier.Service.Admission;
using Verifier.Service.Documents;
using Verifier.Service.Hosting;
using Verifier.Service.Registry;

namespace Verifier.Service.Rpc;

/// <summary>Who calls, as the authorization found it. Methods ask here; none reads a header.</summary>
internal static class CallerContext
{
    private const string Anonymous = "anonymous";

    private static readonly object Key = new();
    private static readonly object PrefixKey = new();
    private static readonly object BeganKey = new();
    private static readonly object TenantKey = new();
    private static readonly object PlaceKey = new();

    /// <summary>Who calls. A method that changes something is never reached without one.</summary>
    public static Actor Actor(this ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out object? actor) && actor is Actor known
            ? known
            : throw new InvalidOperationException($"Nobody is known to call {context.Method}.");

    /// <summary>The name of who calls, where it only is counted.</summary>
    public static string CallerName(this ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out object? actor) && actor is Actor known ? known.Name : Anonymous;

    /// <summary>When the first message of the call was there, null where nobody noted it.</summary>
    public static Moment? BeganAt(this ServerCallContext context) => context.UserState.TryGetValue(BeganKey, out object? at) ? at as Moment? : null;

    public static void SetBeganAt(this ServerCallContext context, Moment moment) => context.UserState[BeganKey] = moment;

    /// <summary>What is left of the call's deadline; null when it has none.</summary>
    public static TimeSpan? Patience(this ServerCallContext context) =>
        context.Deadline == DateTime.MaxValue ? null : context.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime;

    /// <summary>A change that the caller wants. One that is only tried leaves nothing behind, so its request id is not remembered.</summary>
    public static ChangeOrder Order(this ServerCallContext context, RequestKey? request, bool validateOnly) =>
        new(context.Actor(), validateOnly ? null : request, validateOnly)
        {
            IdPrefixes = context.UserState.TryGetValue(PrefixKey, out object? prefixes) ? prefixes as IReadOnlyList<string> : null,
        };

    /// <summary>Beginnings of the ids that the caller is bound to.</summary>
    public static void SetIdPrefixes(this ServerCallContext context, IReadOnlyList<string> prefixes) => context.UserState[PrefixKey] = prefixes;

    /// <summary>The tenant that the call is about.</summary>
    public static void SetTenant(this ServerCallContext context, string tenant) => context.UserState[TenantKey] = tenant;

    /// <summary>Whose share of a lane the call takes. Nobody who shows nothing can take that of others elsewhere.</summary>
    public static Claimant Claimant(this ServerCallContext context, Lane lane, string? tenant = null) => new(
        lane,
        tenant ?? (context.UserState.TryGetValue(TenantKey, out object? named) ? (string)named! : ReferenceNames.DefaultTenant),
        context.CallerName() is var name && name != Anonymous ? name : ConnectionPeers.AddressOf(context.GetHttpContext()));

    /// <summary>The call's place, to be left while others are waited for.</summary>
    public static Place Place(this ServerCallContext context) =>
        context.UserState.TryGetValue(PlaceKey, out object? place) && place is Place held ? held : Admission.Place.None;

    public static void SetPlace(this ServerCallContext context, Place place) => context.UserState[PlaceKey] = place;

    public static void SetActor(this ServerCallContext context, Actor actor) => context.UserState[Key] = actor;
}

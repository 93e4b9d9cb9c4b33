using Grpc.Core;
using Verifier.Service.Registry;

namespace Verifier.Service.Rpc;

/// <summary>Who calls, as the authorization found it. Methods ask here; none reads a header.</summary>
internal static class CallerContext
{
    private const string Anonymous = "anonymous";

    private static readonly object Key = new();
    private static readonly object PrefixKey = new();
    private static readonly object BeganKey = new();

    /// <summary>Who calls. A method that changes something is never reached without one.</summary>
    public static Actor Actor(this ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out object? actor) && actor is Actor known
            ? known
            : throw new InvalidOperationException($"Nobody is known to call {context.Method}.");

    /// <summary>The name of who calls, where it only is counted.</summary>
    public static string CallerName(this ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out object? actor) && actor is Actor known ? known.Name : Anonymous;

    /// <summary>When the call began, a moment of <see cref="Documents.TenantReader.Now"/>; null where nobody noted it.</summary>
    public static long? BeganAt(this ServerCallContext context) => context.UserState.TryGetValue(BeganKey, out object? at) ? at as long? : null;

    public static void SetBeganAt(this ServerCallContext context, long moment) => context.UserState[BeganKey] = moment;

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

    public static void SetActor(this ServerCallContext context, Actor actor) => context.UserState[Key] = actor;
}

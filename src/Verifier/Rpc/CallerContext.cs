using Grpc.Core;
using Verifier.Service.Registry;

namespace Verifier.Service.Rpc;

/// <summary>Who calls, as the authorization found it. Methods ask here; none reads a header.</summary>
internal static class CallerContext
{
    private static readonly object Key = new();

    /// <summary>Who calls. A method that changes something is never reached without one.</summary>
    public static Actor Actor(this ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out object? actor) && actor is Actor known
            ? known
            : throw new InvalidOperationException($"Nobody is known to call {context.Method}.");

    public static void SetActor(this ServerCallContext context, Actor actor) => context.UserState[Key] = actor;
}

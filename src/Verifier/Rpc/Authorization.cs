using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Verifier.Service.Documents;
using Verifier.Service.Hosting;
using Verifier.Service.Identity;
using Verifier.Service.Identity.Rules;
using Verifier.Service.Identity.Tenants;
using Verifier.Service.Registry;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Service.Rpc;

/// <summary>
/// Who may do what. The tenant is the one that the request names, and the rights are those that this tenant's own rules give to the
/// caller: an identity of one tenant has none in another (T78).
/// </summary>
internal sealed class Authorization(CallerReader callers, RuleBook rules, TenantDirectory tenants, TenantReader reader, Moments moments, IOptions<ServerOptions> server, ILogger<Authorization> logger)
{
    private readonly bool _isLoopbackOnly = Endpoints.IsLoopbackOnly(server.Value);

    /// <summary>Who calls, told to the method as well; null where everybody may call.</summary>
    public async Task<Caller?> IdentifyAsync(ServerCallContext context)
    {
        MethodRight right = MethodRights.Of(context.Method)
            ?? throw RpcErrors.Plain(StatusCode.PermissionDenied, ErrorReasons.MethodNotGranted, "nobody may call this method");
        if (right.Role == Role.None)
        {
            return null;
        }

        Caller caller = Known(await callers.ReadAsync(Shown(context.GetHttpContext()), context.CancellationToken), context);

        // Not even the first message is waited for where nothing in it could help.
        bool mayBeOpen = right.Role == Role.Verifier || (right.Role == Role.Reader && _isLoopbackOnly);
        if (caller is Caller.Anonymous && !mayBeOpen)
        {
            throw Refused(context, CredentialErrors.Missing());
        }

        Actor actor = Actors.Of(caller);
        context.SetActor(actor);
        context.GetHttpContext().Features.Get<AdmissionDoor.Newcomer>()?.Is(actor.Name);
        return caller;
    }

    /// <summary>Returns only if the caller may do what the message asks for.</summary>
    public async Task DemandAsync(Caller caller, IMessage? message, bool isFirst, ServerCallContext context)
    {
        MethodRight right = MethodRights.Of(context.Method)!;
        RequestScope? told = message is null ? null : right.ScopeOf(message);
        if (told is null && !isFirst)
        {
            return;
        }

        // Each message is decided by what holds when it is there: the first of a stream may come long after the stream began.
        RequestScope scope = told ?? new RequestScope(ReferenceNames.DefaultTenant, null);
        Moment since = moments.Now();
        if (!await MayAsync(caller, right, scope, since, context))
        {
            throw Refused(context, caller is Caller.Anonymous ? CredentialErrors.Missing() : CredentialErrors.RoleMissing(right.Role));
        }

        if (scope.Tenant != ReferenceNames.DefaultTenant && await SettingsAsync(right, scope.Tenant, since, context) is null)
        {
            throw CredentialErrors.NoTenant(scope.Tenant);
        }

        if (isFirst)
        {
            context.SetBeganAt(since);
            context.SetTenant(scope.Tenant);
        }
    }

    private async Task<bool> MayAsync(Caller caller, MethodRight right, RequestScope scope, Moment since, ServerCallContext context)
    {
        if (caller is Caller.Administrator || (right.Role == Role.Reader && _isLoopbackOnly))
        {
            return true;
        }

        if (right.Role == Role.Verifier)
        {
            TenantSettings? settings = await SettingsAsync(right, scope.Tenant, since, context);
            if (settings is { OpenToAnyone: true } || (_isLoopbackOnly && settings is not { VerifyNeedsIdentity: true }))
            {
                return true;
            }
        }

        if (caller is Caller.Anonymous)
        {
            return false;
        }

        Grant[] allowing = [.. (await rules.GrantsAsync(scope.Tenant, caller, context.CancellationToken)).Where(g => g.Allows(right.Role, scope.Id))];
        if (allowing.Length > 0 && allowing.All(g => g.IdPrefix.Length > 0))
        {
            context.SetIdPrefixes([.. allowing.Select(g => g.IdPrefix)]);
        }

        return allowing.Length > 0;
    }

    // Whoever verifies needs the policy beside the settings, and needs both once.
    private async Task<TenantSettings?> SettingsAsync(MethodRight right, string tenant, Moment since, ServerCallContext context) => right.Role == Role.Verifier
        ? TenantDirectory.Of((await reader.ReadAsync(tenant, since, context.CancellationToken)).Settings, tenant)
        : await tenants.FindAsync(tenant, context.CancellationToken);

    private Caller Known(CallerOutcome outcome, ServerCallContext context)
    {
        if (outcome is CallerOutcome.Unreadable unreadable)
        {
            RpcLog.TokenUnreadable(logger, unreadable.Fault);
        }

        return outcome is CallerOutcome.Known known ? known.Caller : throw Refused(context, CredentialErrors.Of(outcome));
    }

    private RpcException Refused(ServerCallContext context, RpcException error)
    {
        RpcLog.CallRefused(logger, context.Method, error.Status.Detail);
        return error;
    }

    private static Credentials Shown(HttpContext http) => new(
        [.. http.Request.Headers.Authorization.OfType<string>()],
        http.Request.IsHttps || (IsLoopback(http.Connection.LocalIpAddress) && IsLoopback(http.Connection.RemoteIpAddress)),
        http.Connection.ClientCertificate is { } certificate ? ClientCertificates.Identify(certificate) : null);

    private static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(address);
}

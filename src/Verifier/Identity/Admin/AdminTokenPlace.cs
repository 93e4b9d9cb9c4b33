using Verifier.Service.Hosting;
using Verifier.Service.Storage;

namespace Verifier.Service.Identity.Admin;

/// <summary>
/// Where the administrator's token stands. A service that only this machine can reach makes one in its data directory at its first
/// start; any other has one only when it is given a file.
/// </summary>
internal static class AdminTokenPlace
{
    public const string FileName = "admin-token";

    public static AdminToken Prepare(IdentityOptions identity, ServerOptions server, StoreOptions store)
    {
        if (identity.AdminTokenFile is { } given)
        {
            return new AdminToken(given);
        }

        if (!Endpoints.IsLoopbackOnly(server))
        {
            return new AdminToken(null);
        }

        string made = Path.Combine(store.DataDirectory, FileName);
        return AdminToken.Create(made) is { } fault
            ? throw new ConfigurationFaultException([$"Store:DataDirectory: its file {FileName} {fault}"])
            : new AdminToken(made);
    }
}

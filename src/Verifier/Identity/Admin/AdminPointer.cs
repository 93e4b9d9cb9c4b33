using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Verifier.Service.Hosting;

namespace Verifier.Service.Identity.Admin;

/// <summary>
/// Tells the command line tool of the same user where the administrator's token stands, by a small file in that user's state directory,
/// named by the port. It holds no secret. It is there while a service that only this machine can reach runs.
/// </summary>
internal sealed class AdminPointer(
    IServer server, AdminToken token, IConfiguration configuration, IOptions<ServerOptions> listen, IOptions<IdentityOptions> options, ILogger<AdminPointer> logger)
    : IHostedLifecycleService
{
    private string? _written;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        string? address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        if (token.File is not null && Endpoints.IsLoopbackOnly(listen.Value) && Folder() is { } folder && Uri.TryCreate(address, UriKind.Absolute, out Uri? uri))
        {
            Write(folder, uri.Port, token.File);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_written is { } file && File.Exists(file) && File.ReadAllText(file) == Content(token.File!))
            {
                File.Delete(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It names a process that is gone, and so is not heeded.
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Write(string folder, int port, string tokenFile)
    {
        try
        {
            string file = Path.Combine(folder, $"{port}.json");
            string fresh = Path.Combine(folder, $"{port}.{Environment.ProcessId}.new");
            PrivateFile.CreateDirectory(folder);
            PrivateFile.Write(fresh, Encoding.UTF8.GetBytes(Content(tokenFile)), FileMode.Create);
            File.Move(fresh, file, overwrite: true);
            _written = file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            IdentityLog.PointerNotWritten(logger, e.GetType().Name);
        }
    }

    private static string Content(string tokenFile) =>
        JsonSerializer.Serialize(new Dictionary<string, object> { ["admin_token_file"] = tokenFile, ["process"] = Environment.ProcessId });

    // Null where nothing is to be written: said so, or a user without a home.
    private string? Folder()
    {
        if (options.Value.StateDirectory is { } chosen)
        {
            return chosen.Length > 0 ? chosen : null;
        }

        string? state = configuration["XDG_STATE_HOME"];
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.IsPathFullyQualified(state ?? "") ? Path.Combine(state!, "sev-snp-verifier")
            : home.Length > 0 ? Path.Combine(home, ".local", "state", "sev-snp-verifier")
            : null;
    }
}

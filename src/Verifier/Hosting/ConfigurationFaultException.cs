using Microsoft.Extensions.Options;

namespace Verifier.Service.Hosting;

/// <summary>The service must not start as it is configured. Each fault is one line that begins with the setting's name.</summary>
internal sealed class ConfigurationFaultException(IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;

    /// <summary>The faults of whatever start-up threw, or null when it was not about configuration.</summary>
    public static IReadOnlyList<string>? FaultsOf(Exception exception) => exception switch
    {
        ConfigurationFaultException own => own.Faults,
        OptionsValidationException options => [.. options.Failures],
        AggregateException all when all.InnerExceptions.All(e => e is OptionsValidationException) =>
            [.. all.InnerExceptions.Cast<OptionsValidationException>().SelectMany(e => e.Failures)],
        Microsoft.AspNetCore.Connections.AddressInUseException => ["Server:Port: the address is in use"],
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } => ["Server:Port: the address is in use"],
        System.Net.Sockets.SocketException socket => [$"Server:Address: cannot listen there ({socket.SocketErrorCode})"],
        IOException { InnerException: System.Net.Sockets.SocketException socket } => [$"Server:Address: cannot listen there ({socket.SocketErrorCode})"],
        _ => null,
    };
}

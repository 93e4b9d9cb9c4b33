namespace Verifier.Service.Storage;

/// <summary>Wires the store: the embedded one, or Redis when an address is configured.</summary>
internal static class StorageServices
{
    public static WebApplicationBuilder AddStorage(this WebApplicationBuilder builder) => builder;
}

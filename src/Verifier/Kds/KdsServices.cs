namespace Verifier.Service.Kds;

/// <summary>Wires the key service client.</summary>
internal static class KdsServices
{
    public static WebApplicationBuilder AddKds(this WebApplicationBuilder builder) => builder;
}

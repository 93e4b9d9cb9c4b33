using Verifier.Service.Hosting;
using Verifier.Service.Telemetry;
using Verifier.Service.Tokens;
using Verifier.Service.Web;

namespace Verifier.Tests.Web;

public sealed class WebOptionsTests
{
    private const string NotExact = "Web:AllowedOrigins:0: must be an origin as browsers send it, such as https://console.example.org; http on loopback only";

    [Theory]
    [InlineData("https://console.example.org")]
    [InlineData("https://console.example.org:8443")]
    [InlineData("http://localhost:3000")]
    [InlineData("http://127.0.0.1:3000")]
    [InlineData("https://[2001:db8::1]:8443")]
    public void Origin_AsBrowsersSendIt_IsTaken(string origin) => Assert.Empty(Faults(new() { Port = 8443, AllowedOrigins = [origin] }));

    [Theory]
    [InlineData("https://console.example.org/")]
    [InlineData("https://console.example.org:443")]
    [InlineData("https://Console.example.org")]
    [InlineData("https://console.example.org/app")]
    [InlineData("https://user@console.example.org")]
    [InlineData("http://console.example.org")]
    [InlineData("console.example.org")]
    [InlineData("file:///etc")]
    [InlineData("null")]
    [InlineData("")]
    public void OriginInAnyOtherForm_WouldNeverMatch_AndIsRefused(string origin) => Assert.Equal([NotExact], Faults(new() { Port = 8443, AllowedOrigins = [origin] }));

    [Theory]
    [InlineData("*")]
    [InlineData("https://*.example.org")]
    public void Wildcard_IsRefused(string origin) =>
        Assert.Equal(["Web:AllowedOrigins:0: must be one exact origin, there are no wildcards"], Faults(new() { Port = 8443, AllowedOrigins = [origin] }));

    [Theory]
    [InlineData(7443)]
    [InlineData(7444)]
    [InlineData(7445)]
    [InlineData(9464)]
    public void PortOfAnotherListener_IsRefused(int port) =>
        Assert.Equal(["Web:Port: must differ from Server:Port, Server:ProbePort, Tokens:Port and Telemetry:MetricsPort"], Faults(new() { Port = port }));

    private static IEnumerable<string> Faults(WebOptions options) =>
        WebOptionsValidator.Faults(options, new ServerOptions { Port = 7443, ProbePort = 7444 }, new TokenOptions { Port = 7445 }, new TelemetryOptions { MetricsPort = 9464 });
}

using System.Reflection;
using Microsoft.Extensions.Logging;
using Verifier.Service.Hosting;

namespace Verifier.Tests.Telemetry;

/// <summary>Operators and alerts tell log events by their number, so no number may mean two things.</summary>
public sealed class EventIdTests
{
    [Fact]
    public void EveryLogEvent_HasANumberOfItsOwn()
    {
        LoggerMessageAttribute[] events = [.. typeof(VerifierApp).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()];

        Assert.True(events.Length > 20, $"only {events.Length} log events were found");
        Assert.Empty(events.GroupBy(e => e.EventId).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(" / ", g.Select(e => e.Message))}"));
    }
}

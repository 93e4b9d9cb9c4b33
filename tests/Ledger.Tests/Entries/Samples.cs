using System.Text;

namespace Verifier.Ledger.Tests;

/// <summary>Entries to begin from.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset At = new DateTimeOffset(2026, 11, 26, 2, 0, 0, TimeSpan.Zero).AddTicks(1_234_567);

    public static LogEntry Create(string id, string body) => new()
    {
        Tenant = "default",
        At = At,
        Action = "create",
        Resource = $"referenceValues/{id}",
        Actor = new("ci", "https://issuer.example", "repo:1", new Dictionary<string, string> { ["ref"] = "refs/heads/main", ["actor_id"] = "7" }),
        After = Bytes(body),
    };

    public static LogEntry Change(string id, string before, string? after, string action = "deprecate") =>
        Create(id, "0") with { Action = action, Reason = "no longer built", Before = Bytes(before), After = after is null ? default : Bytes(after) };

    public static string Digest(int i) => Convert.ToHexStringLower(BitConverter.GetBytes(i)).PadLeft(96, 'a');

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}

namespace Verifier.Service.Kds;

/// <summary>
/// For whom something is looked for: whose share of the queue it takes, and how long they can wait.
/// </summary>
/// <param name="Tenant">The tenant asked about.</param>
/// <param name="Caller">Who asks, as the authorization found it.</param>
/// <param name="Patience">What is left of the call's deadline; null waits until the call is cancelled.</param>
internal sealed record Asker(string Tenant, string Caller, TimeSpan? Patience)
{
    /// <summary>What the service does for itself: it takes no caller's share, and nobody waits.</summary>
    public static Asker Itself { get; } = new("", "", null);

    public bool IsCaller => Tenant.Length > 0;
}

/// <summary>In which order those who wait are served.</summary>
internal enum KdsUrgency
{
    /// <summary>A call waits for it.</summary>
    Asked = 0,

    /// <summary>Something at hand is renewed.</summary>
    Refresh = 1,

    /// <summary>Somebody may ask for it some day.</summary>
    Prewarm = 2,
}

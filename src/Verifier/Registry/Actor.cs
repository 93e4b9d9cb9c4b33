using System.Collections.ObjectModel;

namespace Verifier.Service.Registry;

/// <summary>Who makes a change, as the log keeps it.</summary>
/// <param name="Name">Unique for each identity; shown as the registrar.</param>
/// <param name="Issuer">Who vouches for the identity. Empty: the service itself.</param>
/// <param name="Subject">What the issuer calls it. Empty: whoever holds a token of the service.</param>
/// <param name="Claims">What of the identity decided on its rights, and what an audit needs. Never a token.</param>
internal sealed record Actor(string Name, string Issuer, string Subject, IReadOnlyDictionary<string, string> Claims)
{
    /// <summary>An identity of which nothing but a name is known.</summary>
    public static Actor Named(string name) => new(name, "", "", ReadOnlyDictionary<string, string>.Empty);
}

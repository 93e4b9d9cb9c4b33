using Verifier.Service.Identity.Bearer;

namespace Verifier.Service.Identity;

/// <summary>Who calls, as far as was shown.</summary>
internal abstract record Caller
{
    private Caller()
    {
    }

    /// <summary>Nothing was shown.</summary>
    public sealed record Anonymous : Caller
    {
        public static Anonymous Instance { get; } = new();
    }

    /// <summary>Whoever holds the administrator's token of this service.</summary>
    public sealed record Administrator(string TokenSha256) : Caller;

    /// <summary>An issuer vouches for it.</summary>
    public sealed record Bearer(TokenIdentity Identity) : Caller;

    /// <summary>It holds the key of a certificate that an accepted authority issued.</summary>
    public sealed record Certificate(CertificateIdentity Identity) : Caller;
}

/// <summary>The names in a client certificate, and the SHA-256 of its SubjectPublicKeyInfo in hexadecimal.</summary>
internal sealed record CertificateIdentity(IReadOnlyList<string> Uris, IReadOnlyList<string> DnsNames, string SpkiSha256);

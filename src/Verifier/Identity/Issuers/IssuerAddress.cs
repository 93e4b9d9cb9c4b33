namespace Verifier.Service.Identity.Issuers;

/// <summary>Addresses that keys may come from.</summary>
internal static class IssuerAddress
{
    private const int Longest = 512;

    /// <summary>https, or http to this machine; nothing in it that a request would drop or a reader overlook.</summary>
    public static bool IsFetchable(string? text) =>
        text is { Length: <= Longest }
        && text.All(c => c is > ' ' and <= '~')
        && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri.UserInfo.Length == 0
        && uri.Fragment.Length == 0;

    public static bool IsProxy(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.UserInfo.Length == 0;
}

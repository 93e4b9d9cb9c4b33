using Microsoft.Extensions.Options;

namespace Verifier.Service.Kds;

/// <summary>Tells every fault of <see cref="KdsOptions"/> at once, each by the name of its setting.</summary>
internal sealed class KdsOptionsValidator : IValidateOptions<KdsOptions>
{
    public ValidateOptionsResult Validate(string? name, KdsOptions options)
    {
        List<string> faults = [];
        CheckBaseUrl(options, faults);
        if (!Enum.IsDefined(options.Mode))
        {
            faults.Add("Kds:Mode must be Online or Offline.");
        }

        if (options.Proxy is { } proxy && !IsPlainUri(proxy, out _))
        {
            faults.Add("Kds:Proxy must be an absolute http or https address.");
        }

        if (options.CaFile is { } file && !File.Exists(file))
        {
            faults.Add("Kds:CaFile names a file that does not exist.");
        }

        if (options.InventoryFile is { } inventory && !File.Exists(inventory))
        {
            faults.Add("Kds:InventoryFile names a file that does not exist.");
        }

        if (options.BundleFile is { } bundle && !File.Exists(bundle))
        {
            faults.Add("Kds:BundleFile names a file that does not exist.");
        }

        CheckRange(faults, nameof(KdsOptions.ConnectTimeout), options.ConnectTimeout, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(10));
        CheckRange(faults, nameof(KdsOptions.TotalTimeout), options.TotalTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30));
        CheckRange(faults, nameof(KdsOptions.RevocationWait), options.RevocationWait, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        CheckRange(faults, nameof(KdsOptions.MemoryEntries), options.MemoryEntries, 16, 1_000_000);
        CheckRange(faults, nameof(KdsOptions.MaxPendingChips), options.MaxPendingChips, 1, 10_000);
        CheckRange(faults, nameof(KdsOptions.MaxPendingChipsPerTenant), options.MaxPendingChipsPerTenant, 1, 10_000);
        CheckRange(faults, nameof(KdsOptions.MaxPendingChipsPerCaller), options.MaxPendingChipsPerCaller, 1, 10_000);
        CheckRange(faults, nameof(KdsOptions.BundleReloadInterval), options.BundleReloadInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
        if (options.Spacing != TimeSpan.Zero)
        {
            CheckRange(faults, nameof(KdsOptions.Spacing), options.Spacing, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10));
        }

        if (options.TotalTimeout < options.ConnectTimeout)
        {
            faults.Add("Kds:TotalTimeout must not be below Kds:ConnectTimeout.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void CheckBaseUrl(KdsOptions options, List<string> faults)
    {
        if (!IsPlainUri(options.BaseUrl, out Uri? uri))
        {
            faults.Add("Kds:BaseUrl must be an absolute http or https address without user, query or fragment.");
        }
        else if (uri!.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback && !options.UnsafePlaintext)
        {
            faults.Add("Kds:BaseUrl must use https off loopback, unless Kds:UnsafePlaintext is set.");
        }
    }

    private static bool IsPlainUri(string? text, out Uri? uri) =>
        Uri.TryCreate(text, UriKind.Absolute, out uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0;

    private static void CheckRange<T>(List<string> faults, string setting, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            faults.Add($"Kds:{setting} must be from {least} to {most}.");
        }
    }
}

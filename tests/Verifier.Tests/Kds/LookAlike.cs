using SevSnp.Launch;
using Verifier.TestKit;

namespace Verifier.Tests.Kds;

/// <summary>An impostor with AMD's names and profile and keys that nobody trusts. Made once: its keys take seconds.</summary>
internal static class LookAlike
{
    private static readonly Lazy<VirtualAmd> Lazy = new(() => VirtualAmd.Create(ProductLine.Milan));

    public static VirtualAmd Milan => Lazy.Value;
}

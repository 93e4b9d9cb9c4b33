using Microsoft.Extensions.Options;
using Verifier.Service.Registry;
using Verifier.Service.Registry.Files;

namespace Verifier.Tests.Registry;

public sealed class FilePlacesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(4, 3)]
    public void T94_OneTenant_LeavesThePlaceOfAnother(int places, int most)
    {
        FilePlaces files = new(Options.Create(new RegistryOptions { Igvm = { MaxAtOnce = places } }));

        IDisposable[] taken = [.. Enumerable.Range(0, 8).Select(_ => files.TryEnter("a")).OfType<IDisposable>()];
        Assert.Equal(most, taken.Length);
        using IDisposable? other = files.TryEnter("b");
        Assert.Equal(places > most, other is not null);
        Assert.Null(files.TryEnter("c"));

        taken[0].Dispose();
        taken[0].Dispose();
        using IDisposable? next = files.TryEnter("a");
        Assert.NotNull(next);
        Assert.Null(files.TryEnter("a"));
    }
}

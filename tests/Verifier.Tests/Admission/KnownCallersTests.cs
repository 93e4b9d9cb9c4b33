using Verifier.Service.Admission;

namespace Verifier.Tests.Admission;

public sealed class KnownCallersTests
{
    private readonly KnownCallers _known = new();

    [Fact]
    public void Token_IsKnownByItsWholeText_OnceItWasVerified()
    {
        Assert.Null(_known.NameOf(_known.KeyOf("Bearer a.b.c")));

        _known.Remember(_known.KeyOf("Bearer a.b.c"), "issuer subject");

        Assert.Equal("issuer subject", _known.NameOf(_known.KeyOf("Bearer a.b.c")));
        Assert.Null(_known.NameOf(_known.KeyOf("Bearer a.b.d")));
        Assert.Null(_known.NameOf(_known.KeyOf(new string('x', 10_000))));
        Assert.NotEqual(_known.KeyOf("Bearer a.b.c"), new KnownCallers().KeyOf("Bearer a.b.c"));
    }

    [Fact]
    public void T90_Callers_AreKeptWithinBounds_AndThoseInUseStay()
    {
        UInt128 used = _known.KeyOf("used");
        _known.Remember(used, "used");
        for (int i = 0; i < 50_000; i++)
        {
            _known.Remember(_known.KeyOf($"{i}"), "other");
            Assert.Equal("used", _known.NameOf(used));
        }

        Assert.InRange(_known.Count, 1, 2 * 4096 + 2);
    }
}

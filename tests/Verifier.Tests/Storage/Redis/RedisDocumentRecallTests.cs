using System.Text;
using Verifier.Service.Documents;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;
using Verifier.Service.Storage.Redis;

namespace Verifier.Tests.Storage.Redis;

/// <summary>What is spared, and that nothing else is: a policy that was tightened must not be read as the one before.</summary>
public sealed class RedisDocumentRecallTests
{
    private readonly RedisDocumentRecall _recall = new();

    [Fact]
    public void SameBytes_AreDecodedOnce_AndOthersAnew()
    {
        KeptDocument first = Decode(Body("""{"a":1}"""));
        Assert.Same(first, Decode(Body("""{"a":1}""")));

        KeptDocument other = Decode(Body("""{"a":2}"""));
        Assert.Equal("""{"a":2}""", Encoding.UTF8.GetString(other.Document.Content.Span));
        Assert.Equal("""{"a":1}""", Encoding.UTF8.GetString(Decode(Body("""{"a":1}""")).Document.Content.Span));
    }

    [Fact]
    public void BytesOfAnotherName_AreRefused_HoweverWellKnown()
    {
        byte[] body = Body("{}");
        Decode(body);

        Assert.Throws<StoreUnfitException>(() => _recall.Decode(body, "other", DocumentKind.Policy, "strict"));
        Assert.Throws<StoreUnfitException>(() => _recall.Decode(body, "default", DocumentKind.Settings, "strict"));
        Assert.Throws<StoreUnfitException>(() => _recall.Decode(body, "default", DocumentKind.Policy, "lax"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void DamagedBytes_AreRefused_EachTime_AndAreNotKept(int missing)
    {
        byte[] body = Body("{}"), damaged = missing == 0 ? [] : body[..^missing];
        Decode(body);

        Assert.Throws<StoreUnfitException>(() => Decode(damaged));
        Assert.Throws<StoreUnfitException>(() => Decode(damaged));
        Assert.Equal("{}", Encoding.UTF8.GetString(Decode(body).Document.Content.Span));
    }

    private static byte[] Body(string content) => DocumentCodec.Encode(new KeptDocument(
        new StoredDocument("default", DocumentKind.Policy, "strict", 1, Encoding.UTF8.GetBytes(content), "author", Samples.Noon, Samples.Noon, "etag"), Deleted: false));

    private KeptDocument Decode(byte[] body) => _recall.Decode(body, "default", DocumentKind.Policy, "strict");
}

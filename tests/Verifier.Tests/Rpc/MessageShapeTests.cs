using System.Buffers;
using Google.Protobuf;
using Verifier.Contracts.V1;
using Verifier.Service.Rpc;

namespace Verifier.Tests.Rpc;

/// <summary>What a request would be when read is known before it is read.</summary>
public sealed class MessageShapeTests
{
    [Fact]
    public void T91_FieldsAreCountedAtEveryDepth()
    {
        PolicyRules rules = new();
        while (IsBounded(Request(rules)) && rules.DeniedChips.Count <= MessageShape.MostFields)
        {
            rules.DeniedChips.Add(ByteString.Empty);
        }

        Assert.InRange(rules.DeniedChips.Count, MessageShape.MostFields - 10, MessageShape.MostFields);
        rules.DeniedChips.RemoveAt(0);
        Assert.True(IsBounded(Request(rules)));
    }

    [Fact]
    public void T91_SmallMessageOfManyObjects_IsSeenWithoutBeingRead()
    {
        byte[] message = [.. Enumerable.Repeat(new byte[] { 0x0A, 0x00 }, 200_000).SelectMany(b => b)];
        Assert.True(IsBounded(Requests.Verify()));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(MessageShape.Of(VerifyRequest.Descriptor, new ReadOnlySequence<byte>(message)).IsBounded);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
    }

    [Theory]
    [InlineData(0x0B, 0x0C)]
    [InlineData(0xFB, 0x07)]
    [InlineData(0x08, 0x01)]
    public void UnknownFieldsAndGroups_Count(byte one, byte two)
    {
        byte[] message = [.. Enumerable.Repeat(new[] { one, two }, MessageShape.MostFields + 1).SelectMany(b => b)];
        Assert.False(MessageShape.Of(VerifyRequest.Descriptor, new ReadOnlySequence<byte>(message)).IsBounded);
    }

    [Fact]
    public void T91_MemberOfAOneofThatComesAgain_CountsAsOftenAsItIsCopied()
    {
        SignerRule rule = new() { Pinned = new SignerRule.Types.PinnedSigner { IdKeyDigests = { Requests.Bytes(48) } } };
        byte[] once = rule.ToByteArray();
        Assert.True(IsBounded([.. once, .. once]));
        Assert.False(IsBounded([.. Enumerable.Repeat(once, 300).SelectMany(b => b)]));

        // The same one level down, in a message that is no member of one but comes again, too.
        byte[] outer = new Constraints { Signer = rule }.ToByteArray();
        Assert.False(MessageShape.Of(Constraints.Descriptor, new ReadOnlySequence<byte>([.. Enumerable.Repeat(outer, 300).SelectMany(b => b)])).IsBounded);

        static bool IsBounded(byte[] bytes) => MessageShape.Of(SignerRule.Descriptor, new ReadOnlySequence<byte>(bytes)).IsBounded;
    }

    // The reader drops what is above 32 bits of a tag and of a length, so that nothing may be hidden there.
    // The reader drops what is above 32 bits of a tag and of a length; nothing may be hidden behind that.
    [Theory]
    [InlineData("12", "80C000")]
    [InlineData("9280808010", "80C000")]
    [InlineData("12", "80C0808010")]
    [InlineData("9280808010", "80C0808010")]
    public void T91_TagsAndLengthsOfMoreThan32Bits_HideNothing(string tag, string length)
    {
        byte[] rules = [.. Enumerable.Repeat(new byte[] { 0x22, 0x00 }, MessageShape.MostFields).SelectMany(b => b)];
        byte[] message = [.. Convert.FromHexString(tag), .. Convert.FromHexString(length), .. rules];

        Assert.Equal(MessageShape.MostFields, Policy.Parser.ParseFrom(message).Rules.DeniedChips.Count);
        Assert.False(MessageShape.Of(Policy.Descriptor, new ReadOnlySequence<byte>(message)).IsBounded);
    }

    // In a group nothing is known: what is no message there is none to the reader either, which goes on behind it.
    [Theory]
    [InlineData("7B 12 01 07 7C")]
    [InlineData("7B 7B 12 01 07 7C 12 01 07 7C")]
    public void T91_WhatIsInAGroup_HidesNothingBehindIt(string group)
    {
        byte[] rules = [.. Enumerable.Repeat(new byte[] { 0x22, 0x00 }, MessageShape.MostFields).SelectMany(b => b)];
        byte[] message = [.. Convert.FromHexString(group.Replace(" ", "", StringComparison.Ordinal)), 0x12, 0x80, 0x40, .. rules];

        Assert.Equal(MessageShape.MostFields, Policy.Parser.ParseFrom(message).Rules.DeniedChips.Count);
        Assert.False(MessageShape.Of(Policy.Descriptor, new ReadOnlySequence<byte>(message)).IsBounded);
    }

    [Fact]
    public void LongFields_CostNoMoreThanShortOnes()
    {
        VerifyRequest request = Requests.Verify();
        request.Evidence.Snp.RevocationLists.Add(Requests.Bytes(400_000));
        Assert.True(IsBounded(request));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0AFF")]
    [InlineData("0AFFFFFFFFFFFFFFFFFF01")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("0D0000")]
    [InlineData("090000")]
    [InlineData("07")]
    [InlineData("0A020AFFFFFFFFFFFFFFFFFF0100")]
    [InlineData("0A0112FFFFFFFFFFFFFFFF7F")]
    public void WhatIsNoMessage_IsLeftToTheReader(string hex) =>
        Assert.True(MessageShape.Of(VerifyRequest.Descriptor, new ReadOnlySequence<byte>(Convert.FromHexString(hex))).IsBounded);

    private static ApplyPolicyRequest Request(PolicyRules rules) => new() { Policy = new Policy { Rules = rules } };

    private static bool IsBounded(IMessage message) => MessageShape.Of(message.Descriptor, new ReadOnlySequence<byte>(message.ToByteArray())).IsBounded;
}

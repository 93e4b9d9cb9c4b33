using System.Buffers;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Verifier.Contracts.V1;
using Verifier.Service.Rpc;
using Verifier.Service.Rpc.Errors;
using Verifier.Tests.Web;

namespace Verifier.Tests.Rpc;

/// <summary>What a request has on the wire is known or not, as the reader takes it, and is told without reading it twice.</summary>
public sealed class StrictReadingTests
{
    private const string Unknown = ErrorReasons.UnknownFields;
    private const string Malformed = ErrorReasons.MalformedMessage;
    private const int DeepestTried = 6;

    private static readonly string[] Contents = ["", "01", "0801", "F83F01", "0A00", "0A01", "FFFFFFFFFFFFFFFFFF01", "0000000000000000"];

    private static IEnumerable<MessageDescriptor> All => WebRoutes.Files.SelectMany(f => f.Services).SelectMany(s => s.Methods).Select(m => m.InputType);

    public static TheoryData<string, string, string> Cases => new()
    {
        // A text, a message and a number in their form, and in another.
        { "VerifyRequest", "0A00", TwoReadings.IsRead },
        { "VerifyRequest", "0801", Unknown },
        { "VerifyRequest", "0D01000000", Unknown },
        { "VerifyRequest", "090100000000000000", Unknown },
        { "VerifyRequest", "0B0C", Unknown },
        { "VerifyRequest", "0C", Malformed },
        { "VerifyRequest", "0E", Malformed },
        { "VerifyRequest", "0F", Malformed },
        { "VerifyRequest", "1200", TwoReadings.IsRead },
        { "VerifyRequest", "1001", Unknown },
        { "VerifyRequest", "1314", Unknown },
        { "VerifyRequest", "3001", TwoReadings.IsRead },
        { "VerifyRequest", "320101", Unknown },
        { "VerifyRequest", "3501000000", Unknown },
        { "Sha512Binding.Part", "1001", TwoReadings.IsRead },
        { "Sha512Binding.Part", "120101", Unknown },

        // Numbers that no field has.
        { "VerifyRequest", "FA3F00", Unknown },
        { "VerifyRequest", "FAFFFFFF0F00", Unknown },
        { "VerifyRequest", "3801", Unknown },
        { "VerifyRequest", "0001", Malformed },
        { "VerifyRequest", "0200", Malformed },

        // A list of numbers, packed and not, and neither.
        { "Expectations", "1001", TwoReadings.IsRead },
        { "Expectations", "12020102", TwoReadings.IsRead },
        { "Expectations", "1200", TwoReadings.IsRead },
        { "Expectations", "10E707", TwoReadings.IsRead },
        { "Expectations", "10FFFFFFFFFFFFFFFFFF01", TwoReadings.IsRead },
        { "Expectations", "1501000000", Unknown },
        { "Expectations", "120181", Malformed },

        // Tags and lengths of more bytes than need be, and of more than 32 bits, are the same fields.
        { "VerifyRequest", "920000", TwoReadings.IsRead },
        { "VerifyRequest", "92808080808080808000" + "00", TwoReadings.IsRead },
        { "VerifyRequest", "9280808080808080808000" + "00", Malformed },
        { "VerifyRequest", "9280808010" + "00", TwoReadings.IsRead },
        { "VerifyRequest", "9080808010" + "00", Unknown },
        { "VerifyRequest", "92808001" + "00", Unknown },
        { "VerifyRequest", "9280808001" + "00", Unknown },
        { "VerifyRequest", "9280808008" + "00", Unknown },
        { "VerifyRequest", "12" + "8080808001", Malformed },
        { "VerifyRequest", "12" + "8080808010", TwoReadings.IsRead },
        { "VerifyRequest", "12" + "8280808010" + "0A00", TwoReadings.IsRead },
        { "VerifyRequest", "12" + "8280808010" + "0801", Unknown },

        // Groups, nested and not closed; what is in one is of no account, known or not.
        { "VerifyRequest", "FB3FFC3F", Unknown },
        { "VerifyRequest", "FB3F1200FC3F", Unknown },
        { "VerifyRequest", "FB3FFB3F1200FC3FFC3F", Unknown },
        { "VerifyRequest", "FB3F1314FC3F", Unknown },
        { "VerifyRequest", "FB3F13FC3F14", Malformed },
        { "VerifyRequest", "FB3F", Malformed },
        { "VerifyRequest", "1204FB3FFC3F", Unknown },
        { "VerifyRequest", "1202FB3FFC3F", Malformed },
        { "VerifyRequest", "1200FC3F", Malformed },

        // A known field in one that is not known, and one not known in a known one.
        { "VerifyRequest", "FA3F021200", Unknown },
        { "VerifyRequest", "1203FA3F00", Unknown },
        { "VerifyRequest", "12020A00", TwoReadings.IsRead },
        { "VerifyRequest", "12020800", Unknown },
        { "VerifyRequest", "12050A03FA3F00", Unknown },
        { "VerifyRequest", "12040A021200", TwoReadings.IsRead },
        { "VerifyRequest", "12040A022800", Unknown },

        // In one of several messages of a list.
        { "Sha512Binding", "0A000A021001" + "0A00", TwoReadings.IsRead },
        { "Sha512Binding", "0A000A021801" + "0A00", Unknown },

        // A message that comes again is added to the one before, which keeps what was not known in it.
        { "VerifyRequest", "1200" + "1200", TwoReadings.IsRead },
        { "VerifyRequest", "12023801" + "1200", Unknown },

        // A member of a oneof goes with all that is in it when another takes its place, and stays when it comes again.
        { "SignerRule", "0A023801" + "1200", TwoReadings.IsRead },
        { "SignerRule", "1200" + "0A023801", Unknown },
        { "SignerRule", "0A023801" + "0A00", Unknown },
        { "SignerRule", "0A023801" + "1200" + "0A00", TwoReadings.IsRead },
        { "SignerRule", "0A023801" + "1001", Unknown },
        { "SnpEvidence", "12023801" + "1A00", TwoReadings.IsRead },
        { "SnpEvidence", "12023801" + "1801", Unknown },
        { "SnpEvidence", "3801" + "1A00", Unknown },
        { "Evidence", "0A04" + "12023801" + "0A02" + "2200", TwoReadings.IsRead },
        { "Evidence", "0A04" + "12023801" + "0A02" + "0A00", Unknown },

        // What is not known in an entry of a map the reader itself drops, so that nobody sees it; beside the entries it does not.
        { "OtherIdentity", "1206" + "0A0161" + "120162", TwoReadings.IsRead },
        { "OtherIdentity", "1208" + "0A0161" + "120162" + "3801", TwoReadings.IsRead },
        { "OtherIdentity", "1200" + "3801", Unknown },
        { "OtherIdentity", "1001", Unknown },

        // Numbers and lengths that end too late, or never.
        { "VerifyRequest", "12FF", Malformed },
        { "VerifyRequest", "120138" + "01", Malformed },
        { "VerifyRequest", "1201FA" + "3F00", Malformed },
        { "VerifyRequest", "F83FFFFFFFFFFFFFFFFFFF01", Unknown },
        { "VerifyRequest", "F83FFFFFFFFFFFFFFFFFFFFF01", Malformed },
        { "VerifyRequest", "FD3F01000000", Unknown },
        { "VerifyRequest", "FD3F010000", Malformed },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fields_AreKnownAsTheReaderTakesThem(string type, string hex, string outcome)
    {
        Assert.Equal(outcome, TwoReadings.Same(Named(type), Convert.FromHexString(hex)));
        Assert.Equal(outcome, TwoReadings.Same(Named(type), Convert.FromHexString(hex), piece: 1));
    }

    [Fact]
    public void GoodRequests_AreReadOnce()
    {
        IMessage[] own = [Requests.Verify(), Requests.Create(), Requests.CreateBySigner(), Requests.Observe()];
        Assert.All([.. own, .. All.SelectMany(t => Enumerable.Range(1, 20).Select(i => new RandomMessages(i).Of(t)))], message =>
        {
            Assert.Equal(TwoReadings.IsRead, TwoReadings.Same(message.Descriptor, message.ToByteArray()));
            Assert.True(MessageShape.Of(message.Descriptor, new ReadOnlySequence<byte>(message.ToByteArray())).IsKnown, message.Descriptor.FullName);
        });
    }

    [Fact]
    public void EachFieldInEachForm_IsTheSameAsReadTwice_AtEveryDepth()
    {
        Dictionary<string, int> outcomes = [];
        foreach (MessageDescriptor type in All.Append(Struct.Descriptor).Append(FileDescriptorProto.Descriptor))
        {
            TryAll(type, type, b => b, [], outcomes);
        }

        Assert.Equal(3, outcomes.Count);
        Assert.All([TwoReadings.IsRead, Malformed, Unknown], o => Assert.True(outcomes.GetValueOrDefault(o) > 1000, string.Join(", ", outcomes)));
    }

    [Theory]
    [InlineData(99, TwoReadings.IsRead)]
    [InlineData(100, TwoReadings.IsRead)]
    [InlineData(101, Malformed)]
    public void MessagesInMessages_AreKnownAsDeepAsTheyAreRead(int depth, string outcome)
    {
        byte[] known = [], unknown = [0x38, 0x01];
        for (int i = 0; i < depth; i++)
        {
            // Lists and values in turn: field 6 of a value, field 1 of a list.
            (known, unknown) = (Within(i % 2 == 0 ? 6 : 1, known), Within(i % 2 == 0 ? 6 : 1, unknown));
        }

        MessageDescriptor type = depth % 2 == 0 ? ListValue.Descriptor : Value.Descriptor;
        Assert.Equal(outcome, TwoReadings.Same(type, known));
        Assert.Equal(outcome == Malformed ? Malformed : Unknown, TwoReadings.Same(type, unknown));
    }

    [Fact]
    public void TooManyFields_AreToldBeforeAllElse()
    {
        byte[] fields = [.. Enumerable.Repeat(new byte[] { 0x38, 0x01 }, MessageShape.MostFields).SelectMany(b => b)];
        Assert.Equal(Unknown, TwoReadings.Same(SignerRule.Descriptor, fields));
        Assert.Equal(Malformed, TwoReadings.Same(SignerRule.Descriptor, [.. fields[2..], 0x0F]));
        Assert.Equal(ErrorReasons.RequestTooLarge, TwoReadings.Same(SignerRule.Descriptor, [.. fields, 0x0F]));
        Assert.Equal(ErrorReasons.RequestTooLarge, TwoReadings.Same(SignerRule.Descriptor, [.. fields, 0x38, 0x01]));
    }

    // Every field of a message, and some that it has not, in each form, alone and behind a good field; then the same in the messages within it.
    private static void TryAll(MessageDescriptor root, MessageDescriptor type, Func<byte[], byte[]> wrap, MessageDescriptor[] above, Dictionary<string, int> outcomes)
    {
        IList<FieldDescriptor> fields = type.Fields.InFieldNumberOrder();
        int[] numbers = [0, .. fields.Select(f => f.FieldNumber), .. fields.Select(f => f.FieldNumber + 1), 0x1FFF_FFFF];
        foreach (int number in numbers.Distinct())
        {
            for (uint form = 0; form < 8; form++)
            {
                foreach (string content in Contents)
                {
                    byte[] bytes = Convert.FromHexString(content);
                    byte[] field = [.. Varint(((uint)number << 3) | form), .. form == 2 ? Varint((uint)bytes.Length) : [], .. bytes, .. form == 3 ? Varint(((uint)number << 3) | 4) : []];
                    string outcome = TwoReadings.Same(root, wrap(field), form % 2 == 0 ? int.MaxValue : 2);
                    outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
                }
            }
        }

        foreach (FieldDescriptor field in fields.Where(f => f.FieldType == FieldType.Message && above.Length < DeepestTried && !above.Contains(f.MessageType)))
        {
            TryAll(root, field.MessageType, b => wrap(Within(field.FieldNumber, b)), [.. above, type], outcomes);
        }
    }

    private static byte[] Within(int number, byte[] content) => [.. Varint(((uint)number << 3) | 2), .. Varint((uint)content.Length), .. content];

    private static byte[] Varint(uint value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];

    private static MessageDescriptor Named(string name) =>
        WebRoutes.Files.Select(f => f.FindTypeByName<MessageDescriptor>(name.Split('.')[0])).First(t => t is not null) is var type && name.Contains('.', StringComparison.Ordinal)
            ? type.FindDescriptor<MessageDescriptor>(name.Split('.')[1])
            : type;
}

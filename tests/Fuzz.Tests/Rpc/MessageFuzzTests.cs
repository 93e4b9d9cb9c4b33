using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Verifier.Fuzz.Tests.Mutators;
using Verifier.Fuzz.Tests.Rig;
using Verifier.Service.Web;
using Verifier.Tests.Rpc;

namespace Verifier.Fuzz.Tests.Rpc;

/// <summary>T93: mutants of every request, as bytes on the wire, through the strict reader, which must agree with two readings, and the mapping to values.</summary>
public sealed class MessageFuzzTests
{
    [Fact]
    [Trait("target", "messages")]
    public void T93_Requests_AreReadOrRefusedByATypedError() => FuzzDriver.Run(new MessageTarget());

    [Fact]
    public void EachRequestOfTheContract_IsTried() => Assert.True(Readers.All.Count >= 40 && Readers.All.All(r => r.Seeds.Count >= 3));
}

/// <summary>The same requests as JSON, through the reader of the web listener.</summary>
public sealed class BodyFuzzTests
{
    [Fact]
    [Trait("target", "bodies")]
    public void Bodies_AreReadOrRefusedByATypedError() => FuzzDriver.Run(new BodyTarget());
}

/// <summary>Messages on the wire.</summary>
internal sealed class MessageTarget : FormatTarget
{
    public override string Name => "messages";

    public override int FewestKinds => 100;

    // Fields are bounded (MessageShape), and so are the objects that they become, 1 MiB in each of two readings; bytes are copied by each.
    public override long MostAllocatedFor(int length) => (2 * MostAllocated) + (4L * length);

    // Certificates are drawn anew in each process; a kept message is one without.
    public override bool IsKept => true;

    public override IReadOnlyList<Format> Formats { get; } = [.. Readers.All.Select(r => new Format(r.Name, r.Seeds, WireMutator.Mutate, (input, meter) => Try(input, r, meter)))];

    public static string Try(Func<IMessage> read, RequestReader reader)
    {
        try
        {
            reader.Map(read());
            return "read";
        }
        catch (RpcException refusal)
        {
            return Kind(Answers.Kind(refusal));
        }
    }

    private static string Try(byte[] input, RequestReader reader, Meter meter)
    {
        _ = meter.Aside(() => TwoReadings.Same(reader.Type, input));
        return Try(() => reader.Read(input), reader);
    }
}

/// <summary>Bodies of JSON.</summary>
internal sealed class BodyTarget : FormatTarget
{
    public override string Name => "bodies";

    // Text is read three times: by its form, as a message, and strictly.
    public override long MostAllocatedFor(int length) => MostAllocated + (24L * length);

    public override int FewestKinds => 100;

    public override IReadOnlyList<Format> Formats { get; } = [.. Readers.All.Select(r => new Format(
        r.Name,
        [.. r.Seeds.Select(s => Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(r.Type.Parser.ParseFrom(s))))],
        JsonMutator.Mutate,
        (input, _) => MessageTarget.Try(() => StrictBody.Read(input, r.Type, ""), r)))];
}

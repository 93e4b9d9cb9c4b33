using System.Globalization;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.EndToEnd.Tests.Faults;

/// <summary>F37, F38, F40: a service that is short of memory, of file descriptors, or of processor time.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private readonly FaultBench _bench = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task F37_BombsInLittleMemory_AreRefused_AndTheServiceStands()
    {
        // A heap of 256 MiB, and files of 64 MiB each from many clients at once.
        Surroundings little = new() { Environment = new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x10000000" } };
        ServiceProcess service = await _bench.StartAsync(little);
        await FaultBench.RegisterAsync(service, 0);
        using GrpcChannel one = service.Connect(), other = service.Connect();
        StatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => UploadAsync(i % 2 == 0 ? one : other)));
        Assert.DoesNotContain(StatusCode.OK, answers);
        Assert.Contains(answers, a => a is StatusCode.InvalidArgument or StatusCode.ResourceExhausted);
        await FaultBench.AcceptsAsync(service, 0);
        Assert.InRange(PeakMemory(service), 0, 700L << 20);
    }

    [Fact]
    public async Task F38_FileDescriptorsUsedUp_LeavesOpenConnectionsServed_AndRecovers()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/prlimit"), "SKIPPED, NOT PASSED: there is no prlimit (Debian: apt-get install util-linux).");
        ServiceProcess service = await _bench.StartAsync(new Surroundings { Before = ["/usr/bin/prlimit", "--nofile=512"] });
        await FaultBench.RegisterAsync(service, 0);
        List<Socket> open = [];
        try
        {
            for (int i = 0; i < 800; i++)
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                open.Add(socket);
                try
                {
                    await socket.ConnectAsync("127.0.0.1", service.Port, Ct);
                }
                catch (SocketException)
                {
                    // One connection too many is closed at once, perhaps before the caller has seen it open.
                }
            }

            await FaultBench.AcceptsAsync(service, 0);
        }
        finally
        {
            open.ForEach(s => s.Dispose());
        }

        using GrpcChannel fresh = service.Connect();
        VerifierService.VerifierServiceClient client = new(fresh);
        VerifyResponse answer = await Patience.EventuallyAsync(
            () => client.VerifyAsync(FaultBench.Question(0), deadline: DateTime.UtcNow.AddSeconds(10), cancellationToken: Ct).ResponseAsync);
        Assert.Equal(Outcome.Accepted, answer.Verdict.Outcome);
    }

    [Fact]
    public async Task F40_ProcessorHalfOfTheTime_ChangesNoVerdict()
    {
        ServiceProcess service = await _bench.StartAsync(Surroundings.Usual);
        await FaultBench.RegisterAsync(service, 0, 1);
        await FaultBench.RevokeAsync(service, 1);
        await using Poller good = new(service, FaultBench.Question(0));
        await using Poller revoked = new(service, FaultBench.Question(1));
        for (int i = 0; i < 50 || (i < 1000 && (good.Accepted == 0 || revoked.Rejected == 0)); i++)
        {
            await service.StopAsync();
            await Task.Delay(40, Ct);
            await service.ContinueAsync();
            await Task.Delay(40, Ct);
        }

        Assert.True(good.Accepted > 0 && revoked.Rejected > 0);
        Assert.Equal((0, 0), (good.Rejected, revoked.Accepted));
        await FaultBench.AcceptsAsync(service, 0);
    }

    private static async Task<StatusCode> UploadAsync(GrpcChannel channel)
    {
        RegistryService.RegistryServiceClient registry = new(channel);
        byte[] chunk = new byte[64 << 10];
        try
        {
            using AsyncClientStreamingCall<RegisterIgvmRequest, RegisterIgvmResponse> call =
                registry.RegisterIgvm(ServiceProcess.Credentials, DateTime.UtcNow.AddSeconds(60), Ct);
            await call.RequestStream.WriteAsync(
                new RegisterIgvmRequest
                {
                    Registration = new() { ReferenceValueId = "bomb", Image = "bomb", Version = "1", Kind = LaunchKind.SvsmIgvm, Launches = { new IgvmLaunch { Profile = "qemu-kvm" } } },
                },
                Ct);
            try
            {
                for (int sent = 0; sent < 1024; sent++)
                {
                    await call.RequestStream.WriteAsync(new RegisterIgvmRequest { Chunk = UnsafeByteOperations.UnsafeWrap(chunk) }, Ct);
                }

                await call.RequestStream.CompleteAsync();
            }
            catch (InvalidOperationException)
            {
                // It was refused between two writes; the answer says why.
            }

            await call;
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
        catch (IOException)
        {
            // It was refused while it still sent, and the connection closed on it.
            return StatusCode.Unavailable;
        }
    }

    private static long PeakMemory(ServiceProcess service)
    {
        string line = File.ReadLines($"/proc/{service.Id}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}

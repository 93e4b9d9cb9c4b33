using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.EndToEnd.Tests.Faults;

/// <summary>Services as processes that trust the virtual AMD, and the questions that a test asks them while something fails.</summary>
internal sealed class FaultBench : IAsyncDisposable
{
    private readonly List<ServiceProcess> _services = [];
    private readonly string _roots;

    public FaultBench()
    {
        Folder = Directory.CreateTempSubdirectory("verifier-faults-").FullName;
        _roots = Path.Combine(Folder, "roots.pem");
        File.WriteAllText(_roots, Pem.Certificates([Guest(0).Amd.Ark.Certificate]));
    }

    public string Folder { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A good guest for each number, each with another measurement.</summary>
    public static Scenario Guest(int number) => Scenario.Vcek().WithReport(r => r with { Measurement = [.. r.Measurement[..46], 0xFA, (byte)number] });

    public static VerifyRequest Question(int number)
    {
        Scenario guest = Guest(number);
        return Requests.Verify(guest, guest.Certificates);
    }

    /// <summary>Starts a service; without a setting for it, its store is an embedded one of its own.</summary>
    public async Task<ServiceProcess> StartAsync(Surroundings surroundings, params IEnumerable<string> settings)
    {
        string own = Path.Combine(Folder, $"service-{_services.Count}");
        ServiceProcess service = await ServiceProcess.StartAsync(
            surroundings, own, [$"--Store:DataDirectory={Path.Combine(own, "data")}", $"--Trust:UnsafeExtraRoots:0={_roots}", .. settings]);
        _services.Add(service);
        return service;
    }

    public static async Task RegisterAsync(ServiceProcess service, params int[] numbers)
    {
        foreach (int number in numbers)
        {
            CreateReferenceValueRequest register = Requests.Create($"guest-{number}", Guest(number).Report.Measurement);
            register.RequestId = Guid.NewGuid().ToString();
            await Patience.EventuallyAsync(() => service.Registry.CreateReferenceValueAsync(register, ServiceProcess.Credentials, Soon(), Ct).ResponseAsync);
        }
    }

    public static async Task RevokeAsync(ServiceProcess service, params int[] numbers)
    {
        foreach (int number in numbers)
        {
            RevokeReferenceValueRequest revoke = new() { Name = Requests.Name($"guest-{number}"), Reason = "fault", RequestId = Guid.NewGuid().ToString() };
            await Patience.EventuallyAsync(() => service.Registry.RevokeReferenceValueAsync(revoke, ServiceProcess.Credentials, Soon(), Ct).ResponseAsync);
        }
    }

    /// <summary>Asks once.</summary>
    public static async Task<AttestationVerdict> VerifyAsync(ServiceProcess service, VerifyRequest question) =>
        (await service.Verifier.VerifyAsync(question, deadline: Soon(), cancellationToken: Ct)).Verdict;

    /// <summary>Asks until there is a verdict.</summary>
    public static Task<AttestationVerdict> VerdictAsync(ServiceProcess service, int number) => Patience.EventuallyAsync(() => VerifyAsync(service, Question(number)));

    public static async Task AcceptsAsync(ServiceProcess service, int number)
    {
        AttestationVerdict verdict = await VerdictAsync(service, number);
        Assert.True(verdict.Outcome == Outcome.Accepted, string.Join(", ", verdict.Failed()));
    }

    /// <summary>Asks until no verdict is given, and gives the status that comes instead.</summary>
    public static async Task<StatusCode> RefusalAsync(ServiceProcess service, int number)
    {
        for (int tried = 0; tried < 1000; tried++)
        {
            try
            {
                await VerifyAsync(service, Question(number));
            }
            catch (RpcException e)
            {
                return e.StatusCode;
            }

            await Task.Delay(50, Ct);
        }

        return StatusCode.OK;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProcess service in _services)
        {
            await service.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static DateTime Soon() => DateTime.UtcNow.AddSeconds(20);
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;

namespace Verifier.EndToEnd.Tests.Kills;

/// <summary>What clients were told: which ids exist, and which of them are revoked. Nothing else counts as made.</summary>
internal sealed class Acknowledged
{
    /// <summary>Id to the state that was answered last.</summary>
    public ConcurrentDictionary<string, ReferenceValue.Types.State> States { get; } = new();
}

/// <summary>Eight clients that register and revoke as fast as they are answered, until the service is gone.</summary>
internal sealed class Writers(string round, Acknowledged acknowledged)
{
    private const int Count = 8;

    /// <summary>Writes until at least eight changes more were acknowledged, and some milliseconds longer; then something is killed, and the writers end.</summary>
    public static async Task WriteUntilAsync(
        string round, RegistryService.RegistryServiceClient registry, Acknowledged acknowledged, int atMost, Func<Task> kill)
    {
        int before = acknowledged.States.Count;
        Task writing = new Writers(round, acknowledged).RunAsync(registry);
        for (int again = 0; acknowledged.States.Count < before + Count && again < 10; again += writing.IsCompleted ? 1 : 0)
        {
            if (writing.IsCompleted)
            {
                // A busy machine can make each of them time out once.
                await writing;
                writing = new Writers($"{round}-{again}", acknowledged).RunAsync(registry);
            }

            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await Task.Delay(Random.Shared.Next(0, atMost), TestContext.Current.CancellationToken);
        await kill();
        await writing;
    }

    /// <summary>Ends when every writer has lost the service.</summary>
    public Task RunAsync(RegistryService.RegistryServiceClient registry) => Task.WhenAll(Enumerable.Range(0, Count).Select(w => Task.Run(() => WriteAsync(registry, w))));

    private async Task WriteAsync(RegistryService.RegistryServiceClient registry, int writer)
    {
        try
        {
            for (int i = 0; ; i++)
            {
                string id = $"{round}-w{writer}-{i}";
                ReferenceValue made = (await AdmittedAsync(() => registry.CreateReferenceValueAsync(
                    Requests.Create(id, RandomNumberGenerator.GetBytes(48)), ServiceProcess.Credentials, DateTime.UtcNow.AddSeconds(10)))).ReferenceValue;
                acknowledged.States[id] = made.State;
                if (i % 2 == 0)
                {
                    ReferenceValue revoked = (await AdmittedAsync(() => registry.RevokeReferenceValueAsync(
                        new RevokeReferenceValueRequest { Name = Requests.Name(id), Reason = "kill test" }, ServiceProcess.Credentials, DateTime.UtcNow.AddSeconds(10)))).ReferenceValue;
                    acknowledged.States[id] = revoked.State;
                }
            }
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Internal or StatusCode.DeadlineExceeded or StatusCode.Unknown)
        {
            // Whether the last change was made is not known, and was not acknowledged.
        }
    }

    // A service that has too much to do says so before it begins anything.
    private static async Task<T> AdmittedAsync<T>(Func<AsyncUnaryCall<T>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }
}

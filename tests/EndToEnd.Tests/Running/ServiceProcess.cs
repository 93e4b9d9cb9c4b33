using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Verifier.Contracts.V1;
using Verifier.TestKit.Net;

namespace Verifier.EndToEnd.Tests.Running;

/// <summary>The service as a process of its own, which can be told to stop, and be killed as the kernel kills: no code of it runs any more.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const string Token = "admin-token-for-kill-tests-0123456789abcdef";

    private readonly Process _process;
    private readonly GrpcChannel _channel;
    private bool _isDisposed;

    private ServiceProcess(Process process, int port)
    {
        _process = process;
        Port = port;
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
    }

    public static Metadata Credentials => new() { { "authorization", $"Bearer {Token}" } };

    public VerifierService.VerifierServiceClient Verifier => new(_channel);

    public RegistryService.RegistryServiceClient Registry => new(_channel);

    public int Port { get; }

    public int Id => _process.Id;

    /// <summary>A connection of its own.</summary>
    public GrpcChannel Connect() => GrpcChannel.ForAddress($"http://127.0.0.1:{Port}");

    /// <summary>Starts it and waits until it answers from its store.</summary>
    public static Task<ServiceProcess> StartAsync(string folder, params IEnumerable<string> settings) => StartAsync(FreePort.Next(), folder, settings);

    /// <summary>Starts it at a port, where one was before.</summary>
    public static Task<ServiceProcess> StartAsync(int port, string folder, params IEnumerable<string> settings) =>
        StartAsync(CommandLineTool.BuiltFile("Verifier", "Verifier.Service.dll"), port, folder, settings);

    /// <summary>Starts another build of it.</summary>
    public static Task<ServiceProcess> StartAsync(string assembly, int port, string folder, params IEnumerable<string> settings) =>
        StartAsync(assembly, port, folder, Surroundings.Usual, settings);

    /// <summary>Starts it where something is different.</summary>
    public static Task<ServiceProcess> StartAsync(Surroundings surroundings, string folder, params IEnumerable<string> settings) =>
        StartAsync(CommandLineTool.BuiltFile("Verifier", "Verifier.Service.dll"), FreePort.Next(), folder, surroundings, settings);

    private static async Task<ServiceProcess> StartAsync(string assembly, int port, string folder, Surroundings surroundings, IEnumerable<string> settings)
    {
        Directory.CreateDirectory(folder);
        string token = Path.Combine(folder, "token");
        await File.WriteAllTextAsync(token, Token, TestContext.Current.CancellationToken);
        string[] command = [.. surroundings.Before, "dotnet"];
        ProcessStartInfo start = new(command[0],
        [
            .. command[1..],
            assembly,
            $"--Server:Port={port}",
            "--Kds:Mode=Offline",
            $"--Identity:AdminTokenFile={token}",
            $"--Identity:StateDirectory={Path.Combine(folder, "state")}",
            .. settings,
        ])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in surroundings.Environment)
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        if (surroundings.IsOutputRead)
        {
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        }

        Task<string> errors = process.StandardError.ReadToEndAsync();
        ServiceProcess service = new(process, port);
        await service.AnswersAsync(errors);
        return service;
    }

    /// <summary>SIGTERM, as Kubernetes ends a pod, and the end.</summary>
    /// <returns>The code with which it ended.</returns>
    public async Task<int> EndAsync()
    {
        await TerminateAsync();
        return await ExitAsync(TimeSpan.FromMinutes(2));
    }

    /// <summary>How much it printed that nobody has read, after its end.</summary>
    public async Task<long> UnreadOutputAsync()
    {
        using MemoryStream unread = new();
        await _process.StandardOutput.BaseStream.CopyToAsync(unread);
        return unread.Length;
    }

    /// <summary>SIGTERM.</summary>
    public Task TerminateAsync() => SignalAsync("-TERM");

    /// <summary>Waits for the end.</summary>
    /// <returns>The code with which it ended.</returns>
    public async Task<int> ExitAsync(TimeSpan patience)
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(patience, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>SIGSTOP, as of a virtual machine that is moved.</summary>
    public Task StopAsync() => SignalAsync("-STOP");

    /// <summary>SIGCONT.</summary>
    public Task ContinueAsync() => SignalAsync("-CONT");

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        _channel.Dispose();
    }

    private async Task AnswersAsync(Task<string> errors)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await Registry.ListReferenceValuesAsync(
                    new ListReferenceValuesRequest { PageSize = 1 }, Credentials, DateTime.UtcNow.AddSeconds(5), TestContext.Current.CancellationToken);
                return;
            }
            catch (RpcException e)
            {
                Assert.False(_process.HasExited, $"The service ended: {(errors.IsCompleted ? await errors : "")}");
                Assert.True(watch.Elapsed < TimeSpan.FromMinutes(3), $"The service does not answer: {e.Status.Detail}");
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
    }

    private async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", [signal, $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }
}

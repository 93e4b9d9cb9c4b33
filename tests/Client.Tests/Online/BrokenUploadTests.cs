using Grpc.Core;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests.Online;

/// <summary>Files whose sending ends before the service has them as a whole. They are larger than what is sent without waiting for the service.</summary>
public sealed class BrokenUploadTests : IAsyncLifetime
{
    private const int Size = 8 << 20;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("verifierctl-broken-");
    private FakeService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await FakeService.StartAsync();
        await File.WriteAllBytesAsync(In("a.igvm"), new byte[Size], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(In("token"), "s3cret", TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public Task LostConnection_IsAnOutage() => OutageAsync(context => context.GetHttpContext().Features.Get<IConnectionLifetimeFeature>()!.Abort());

    // Of a service that restarts, and of proxies: NO_ERROR, INTERNAL_ERROR, REFUSED_STREAM, CANCEL, ENHANCE_YOUR_CALM.
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(11)]
    public Task ResetStream_IsAnOutage(int error) => OutageAsync(context => context.GetHttpContext().Features.Get<IHttpResetFeature>()!.Reset(error));

    [Fact]
    public async Task RefusalInTheMiddle_IsTheServicesOwn()
    {
        _service.Answers.Fail(StatusCode.ResourceExhausted, "the file is larger than the service takes", Answers.Reason("FILE_TOO_LARGE"));
        _service.Answers.Upload = context => _service.Answers.Next<V1.RegisterIgvmResponse>(new V1.IgvmRegistration(), context);

        CliResult result = await RegisterAsync();

        Assert.Equal((1, ""), (result.ExitCode, result.Out));
        Assert.Contains("error: the file is larger than the service takes (FILE_TOO_LARGE)\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyListens_IsToldAsSuch()
    {
        await _service.DisposeAsync();

        CliResult result = await RegisterAsync();

        Assert.Equal((5, ""), (result.ExitCode, result.Out));
        Assert.Contains($"error: {_service.Address}: cannot be reached: ", result.Error, StringComparison.Ordinal);
    }

    private async Task OutageAsync(Action<ServerCallContext> cut)
    {
        _service.Answers.Upload = context =>
        {
            cut(context);
            throw new OperationCanceledException();
        };

        CliResult result = await RegisterAsync();

        Assert.Equal((5, ""), (result.ExitCode, result.Out));
        Assert.StartsWith("error: the connection broke off before the service had answered: ", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("\nhint: the change may stand already: look, or repeat the same command\n", result.Error, StringComparison.Ordinal);
    }

    private Task<CliResult> RegisterAsync() => _service.RunAsync(
        "register", In("a.igvm"), "--image", "edk2", "--version", "2026", "--kind", "igvm", "--token-file", In("token"));

    private string In(string name) => Path.Combine(_folder.FullName, name);
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Verifier.Contracts.V1;

namespace Verifier.Tests.Hosting;

/// <summary>A defect in the background takes down what it is in, and not the service.</summary>
public sealed class BackgroundDefectTests
{
    private const int BackgroundServiceFaulted = 9;

    [Fact]
    public async Task DefectInTheBackground_IsLogged_AndVerificationGoesOn()
    {
        await using TestService service = await TestService.StartAsync(configure: builder => builder.Services.AddHostedService<Defective>());
        service.ExpectedErrors.Add(BackgroundServiceFaulted);

        while (!service.Log.Errors.Any(e => e.Id.Id == BackgroundServiceFaulted))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        ListReferenceValuesResponse answer = await service.Registry.ListReferenceValuesAsync(new ListReferenceValuesRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(answer.ReferenceValues);
    }

    private sealed class Defective : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("a defect that a test made");
        }
    }
}

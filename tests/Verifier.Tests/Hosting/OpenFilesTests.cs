using Verifier.Service.Hosting;

namespace Verifier.Tests.Hosting;

public sealed class OpenFilesTests
{
    [Theory]
    [InlineData("Max open files            512                  524288               files     ", 512)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max open files", null)]
    [InlineData("Max processes             512                  524288               processes ", null)]
    public void Limit_IsTheOneThatHoldsNow(string line, int? limit) =>
        Assert.Equal(limit, OpenFiles.Read(["Limit                     Soft Limit           Hard Limit           Units     ", line]));

    [Theory]
    [InlineData(1000, null, 1000)]
    [InlineData(1000, 1400, 1000)]
    [InlineData(1000, 1399, 999)]
    [InlineData(1000, 512, 112)]
    [InlineData(1000, 128, 16)]
    [InlineData(5, 128, 5)]
    public void Connections_LeaveRoomForTheRest(int wanted, int? limit, int connections) => Assert.Equal(connections, OpenFiles.Connections(wanted, limit));
}

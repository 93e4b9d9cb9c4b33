using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Verifier.TestKit.Redis;

namespace Verifier.EndToEnd.Tests.Documents;

/// <summary>docs/getting-started, each page run as it stands there.</summary>
[Collection(DefaultPort.Collection)]
public sealed class GettingStartedTests
{
    [Fact]
    public Task PageForRelyingParties_DoesWhatItSays() => Guide.Read("relying-party.md").RunAsync();

    [Fact]
    public Task PageForReleases_DoesWhatItSays() => Guide.Read("ci.md").RunAsync();

    /// <summary>kubectl, helm's cluster and the node are stood in for by tests/Pods; helm's rendering, Redis and the service are real.</summary>
    [Fact]
    public async Task PageForOperators_DoesWhatItSays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SKIPPED, NOT PASSED: each pod needs a loopback address of its own.");
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        Assert.SkipUnless(File.Exists("/usr/bin/redis-cli") && File.Exists("/usr/bin/openssl"), "SKIPPED, NOT PASSED: redis-cli or openssl is not on this machine.");
        string? helm = HelmProgram.Find();
        Assert.SkipUnless(helm is not null, HelmProgram.SkipReason);
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string pods = RepositoryRoot.Combine("tests", "Pods", "bin", configuration, "net10.0", "pods.dll");

        await Guide.Read("operator.md").RunAsync($$"""
            export PODS_STATE=$PWD/cluster HELM={{helm}}
            export VERIFIER_SERVICE={{CommandLineTool.BuiltFile("Verifier", "Verifier.Service.dll")}} VERIFIERCTL_IMAGE=$PWD/image
            mkdir image && cp -r {{Path.GetDirectoryName(CommandLineTool.Path)}}/. ci/*.sh image
            mkdir bin
            for program in kubectl helm; do
              printf '#!/bin/sh\nexec dotnet %s %s "$@"\n' {{pods}} $program > bin/$program && chmod +x bin/$program
            done
            export PATH=$PWD/bin:$PATH
            trap 'kill $(cat cluster/*/pods/*/pid) $(jobs -p) 2>/dev/null || true; wait || true' EXIT
            trap 'echo "stopped at: $BASH_COMMAND"; tail -n 5 *.log cluster/*/pods/*/log 2>/dev/null' ERR
            """);
    }
}

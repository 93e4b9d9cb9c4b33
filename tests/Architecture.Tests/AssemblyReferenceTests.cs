using System.Reflection;

namespace Verifier.Architecture.Tests;

/// <summary>What the compiled assemblies reference.</summary>
public sealed class AssemblyReferenceTests
{
    private static readonly string[] Ours = ["SevSnp", "Verifier.Contracts", "Verifier.Ledger", "Verifier.Sdk", "Verifier.Service", "verifierctl", "TestKit"];

    [Fact]
    public void Library_ReferencesThePlatformAndBouncyCastle() =>
        Expect.None(Outside(References("SevSnp"), a => IsPlatform(a) || a == "BouncyCastle.Cryptography"));

    [Fact]
    public void Ledger_ReferencesThePlatformAlone() => Expect.None(Outside(References("Verifier.Ledger"), IsPlatform));

    [Fact]
    public void Contracts_ReferenceNothingOfOurs() => Expect.None(Outside(References("Verifier.Contracts"), a => !Ours.Contains(a)));

    [Fact]
    public void Service_ReferencesLibrariesAndContracts() =>
        Expect.None(Outside(References("Verifier.Service"), a => a is "SevSnp" or "Verifier.Contracts" or "Verifier.Ledger" || !Ours.Contains(a)));

    [Fact]
    public void Client_ReferencesLibrariesAndContracts() =>
        Expect.None(Outside(References("verifierctl"), a => a is "SevSnp" or "Verifier.Contracts" or "Verifier.Ledger" or "Verifier.Sdk" || !Ours.Contains(a)));

    [Fact]
    public void Sdk_ReferencesContractsAlone() => Expect.None(Outside(References("Verifier.Sdk"), a => a == "Verifier.Contracts" || !Ours.Contains(a)));

    [Theory]
    [InlineData("Grpc.Core.Api")]
    [InlineData("Microsoft.Extensions.Logging.Abstractions")]
    [InlineData("System.CommandLine")]
    [InlineData("Microsoft.AspNetCore")]
    public void WhatIsNotOfThePlatform_IsSeen(string assembly) => Assert.Equal([assembly], Outside([assembly], IsPlatform));

    [Theory]
    [InlineData("System.Formats.Asn1")]
    [InlineData("System.Runtime")]
    public void WhatIsOfThePlatform_IsAllowed(string assembly) => Assert.Empty(Outside([assembly], IsPlatform));

    // This assembly references all of them, so the reading itself is seen to find references.
    [Fact]
    public void ReferencesOfAKnownAssembly_AreRead() =>
        Assert.Contains("Microsoft.CodeAnalysis.CSharp", References(typeof(AssemblyReferenceTests).Assembly.GetName().Name!));

    private static IEnumerable<string> Outside(IEnumerable<string> assemblies, Func<string, bool> allowed) => assemblies.Where(a => !allowed(a));

    private static IReadOnlyList<string> References(string assembly) =>
        [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(a => a.Name!)];

    private static bool IsPlatform(string assembly) =>
        File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, assembly + ".dll"));
}

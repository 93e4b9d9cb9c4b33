using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Verifier.Architecture.Tests;

/// <summary>The source generators that the build runs: JSON serializers, regular expressions, log methods.</summary>
internal static class Generators
{
    private static readonly Lazy<IReadOnlyList<ISourceGenerator>> All = new(Load);

    /// <summary>The compilation with what generators add; the given trees stay in it.</summary>
    public static Compilation Complete(Compilation compilation, CSharpParseOptions options)
    {
        CSharpGeneratorDriver.Create(All.Value, parseOptions: options).RunGeneratorsAndUpdateCompilation(compilation, out Compilation complete, out _);
        return complete;
    }

    private static ISourceGenerator[] Load()
    {
        string places = typeof(Generators).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "PlatformGenerators").Value!;
        return [.. places.Split('|').DistinctBy(Path.GetFileName).SelectMany(p => new AnalyzerFileReference(p, new Loader()).GetGenerators(LanguageNames.CSharp))];
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}

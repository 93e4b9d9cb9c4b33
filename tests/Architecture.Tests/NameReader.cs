using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Verifier.Architecture.Tests;

/// <summary>
/// Compiles sources in memory and tells what each name in them means. Reading names through the compiler finds what a search for
/// <c>using</c> lines misses: relative names of sibling namespaces, aliases, constants, and types that only <c>var</c> hides.
/// </summary>
internal static class NameReader
{
    private const string ImplicitUsings =
        """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    private const string WebUsings =
        """
        global using System.Net.Http.Json; global using Microsoft.AspNetCore.Builder; global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http; global using Microsoft.AspNetCore.Routing; global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection; global using Microsoft.Extensions.Hosting; global using Microsoft.Extensions.Logging;
        """;

    private static readonly Dictionary<string, MetadataReference> References =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).DistinctBy(Path.GetFileName)
            .ToDictionary(p => Path.GetFileNameWithoutExtension(p), p => (MetadataReference)MetadataReference.CreateFromFile(p));

    /// <summary>Every name used in the files, which are compiled as the named assembly.</summary>
    public static IReadOnlyList<Use> Read(string assembly, IEnumerable<SourceFile> files, bool web = false)
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp14);
        Dictionary<SyntaxTree, SourceFile> trees = files.ToDictionary(f => CSharpSyntaxTree.ParseText(f.Text, options, f.Path));
        SyntaxTree globals = CSharpSyntaxTree.ParseText(web ? ImplicitUsings + WebUsings : ImplicitUsings, options);
        Compilation compilation = CSharpCompilation.Create(
            assembly,
            [.. trees.Keys, globals],
            References.Where(r => r.Key != assembly).Select(r => r.Value),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        compilation = Generators.Complete(compilation, options);

        Diagnostic? fault = compilation.GetDiagnostics().FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error);
        return fault is null
            ? [.. trees.SelectMany(t => Names(compilation.GetSemanticModel(t.Key), t.Value))]
            : throw new InvalidOperationException($"A name that cannot be resolved cannot be judged: {fault}");
    }

    private static IEnumerable<Use> Names(SemanticModel model, SourceFile file)
    {
        foreach (SyntaxNode node in model.SyntaxTree.GetRoot().DescendantNodes())
        {
            ISymbol? symbol = node switch
            {
                SimpleNameSyntax { IsVar: false } name => model.GetSymbolInfo(name).Symbol,
                BaseObjectCreationExpressionSyntax creation => model.GetSymbolInfo(creation).Symbol,
                _ => null,
            };
            if (symbol is IAliasSymbol alias)
            {
                symbol = alias.Target;
            }

            if (symbol is not null and not ILocalSymbol and not IParameterSymbol and not IRangeVariableSymbol and not ILabelSymbol and not ITypeParameterSymbol)
            {
                yield return new Use(file, node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, symbol);
            }
        }
    }
}

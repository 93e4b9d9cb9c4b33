using Microsoft.CodeAnalysis;

namespace Verifier.Architecture.Tests;

/// <summary>One name in a source file, and what the compiler says it means.</summary>
internal sealed record Use(SourceFile File, int Line, ISymbol Symbol)
{
    public string Namespace => (Symbol as INamespaceSymbol ?? Symbol.ContainingNamespace)?.ToDisplayString() ?? "";

    /// <summary>The assembly that declares it; null for a namespace, which may be spread over many.</summary>
    public string? Assembly => Symbol.ContainingAssembly?.Name;

    /// <summary>The type itself or the type whose member it is, with its namespace.</summary>
    public string? Type => (Symbol as INamedTypeSymbol ?? Symbol.ContainingType)?.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);

    public override string ToString() => $"{File.Path}:{Line} uses {Symbol.ToDisplayString()}";
}

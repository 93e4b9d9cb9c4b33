using System.Text.RegularExpressions;

using Google.Protobuf.Reflection;
using Verifier.Contracts.V1;
using Verifier.Service.Web;
using AnnotationsExtensions = Google.Api.AnnotationsExtensions;
using HttpRule = Google.Api.HttpRule;

namespace Verifier.Tests.Web;

/// <summary>Every way in that the contract declares, with ids in the place of its variables.</summary>
internal static partial class WebRoutes
{
    public static IReadOnlyList<FileDescriptor> Files { get; } =
    [
        CommonReflection.Descriptor, VerifierReflection.Descriptor, RegistryReflection.Descriptor, LiftReflection.Descriptor,
        PolicyReflection.Descriptor, LogReflection.Descriptor, IdentityReflection.Descriptor,
    ];

    public static IReadOnlyList<(string Verb, string Path)> All { get; } = [.. Rules(_ => true)];

    /// <summary>Those that anonymous callers on the same machine may not make.</summary>
    public static IReadOnlyList<(string Verb, string Path)> Changing { get; } =
        [.. Rules(m => Verifier.Service.Rpc.MethodRights.Of($"/{m.Service.FullName}/{m.Name}")!.Role
            is not (Verifier.Service.Identity.Rules.Role.Reader or Verifier.Service.Identity.Rules.Role.Verifier))];

    public static HttpRule? RuleOf(MethodDescriptor method) => method.GetOptions()?.GetExtension(AnnotationsExtensions.Http);

    public static string VerbOf(MethodDescriptor method) => $"{RuleOf(method)!.PatternCase}".ToUpperInvariant();

    public static string PathOf(MethodDescriptor method) => Variable().Replace(JsonRoute.Pattern(RuleOf(method)!), variable => variable.Groups["template"].Value switch
    {
        "" => "default",
        var template => template.Replace("tenants/*", "tenants/default", StringComparison.Ordinal).Replace("*", "some", StringComparison.Ordinal),
    });

    private static IEnumerable<(string Verb, string Path)> Rules(Func<MethodDescriptor, bool> wanted) =>
        from method in Files.SelectMany(f => f.Services).SelectMany(s => s.Methods)
        where RuleOf(method) is not null && wanted(method)
        select (VerbOf(method), PathOf(method));

    [GeneratedRegex(@"\{[a-z_.]+(=(?<template>[^}]+))?\}")]
    private static partial Regex Variable();
}

using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf.Reflection;

namespace Verifier.Service.Web;

/// <summary>How one method is called over HTTP: which fields its path gives, and what its body holds.</summary>
internal sealed partial class JsonRoute
{
    private readonly Regex _path;
    private readonly string[] _variables;

    public JsonRoute(MethodDescriptor method, HttpRule rule)
    {
        Method = method;
        string pattern = Pattern(rule);
        _variables = [.. Variable().Matches(pattern).Select(m => m.Groups["name"].Value)];
        _path = new Regex("^" + string.Concat(Parts(pattern)) + "$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        BodyField = rule.Body is "" or "*" ? null : method.InputType.FindFieldByName(rule.Body);
        BodyType = rule.Body is "" ? null : BodyField?.MessageType ?? method.InputType;
    }

    public MethodDescriptor Method { get; }

    /// <summary>What the body must be; null where there is none.</summary>
    public MessageDescriptor? BodyType { get; }

    /// <summary>The field of the request that the body is; null where it is the request itself.</summary>
    public FieldDescriptor? BodyField { get; }

    /// <summary>Whether fields may be given in the query.</summary>
    public bool TakesQuery => BodyType is null || BodyField is not null;

    /// <summary>The fields that the path gives, by their path in the request, and their values; null when it is not written as the contract has it.</summary>
    public IReadOnlyDictionary<string, string>? Values(string path)
    {
        Match match = _path.Match(path);
        return match.Success ? _variables.Index().ToDictionary(v => v.Item, v => match.Groups[v.Index + 1].Value, StringComparer.Ordinal) : null;
    }

    public static string Pattern(HttpRule rule) => rule.PatternCase switch
    {
        HttpRule.PatternOneofCase.Get => rule.Get,
        HttpRule.PatternOneofCase.Put => rule.Put,
        HttpRule.PatternOneofCase.Post => rule.Post,
        HttpRule.PatternOneofCase.Delete => rule.Delete,
        _ => throw new InvalidOperationException($"No method is called by {rule.PatternCase}."),
    };

    private static IEnumerable<string> Parts(string pattern)
    {
        int end = 0;
        foreach (Match variable in Variable().Matches(pattern))
        {
            string template = variable.Groups["template"] is { Success: true, Value: var value } ? value : "*";
            yield return Regex.Escape(pattern[end..variable.Index]);
            yield return $"({string.Join("[^/]+", template.Split('*').Select(Regex.Escape))})";
            end = variable.Index + variable.Length;
        }

        yield return Regex.Escape(pattern[end..]);
    }

    [GeneratedRegex(@"\{(?<name>[a-z_.]+)(=(?<template>[^}]+))?\}")]
    private static partial Regex Variable();
}

using Google.Protobuf.Reflection;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Service.Web;

/// <summary>Holds a query against the fields that may be given there: a misspelt <c>validateOnly</c> must not make a change.</summary>
internal static class StrictQuery
{
    public static void Check(IQueryCollection query, JsonRoute route, IReadOnlyDictionary<string, string> given)
    {
        FieldViolations violations = new();
        HashSet<string> seen = new(StringComparer.Ordinal);
        HashSet<OneofDescriptor> chosen = [];
        foreach ((string key, Microsoft.Extensions.Primitives.StringValues values) in query)
        {
            FieldPath at = StrictBody.Named(violations.Root, key);
            if (Resolve(route, key) is not [.., var field] fields)
            {
                at.Fail(ViolationReasons.UnknownField, "is no field that can be given in the query");
                continue;
            }

            string name = string.Join('.', fields.Select(f => f.Name));
            at = violations.Root.Field(name);
            if (given.ContainsKey(name))
            {
                at.Fail(ViolationReasons.Contradictory, "is given by the path");
            }
            else if (values.Count != 1 || !seen.Add(name))
            {
                at.Fail(ViolationReasons.Duplicate, "is given twice");
            }
            else if (field.RealContainingOneof is { } oneof && !chosen.Add(oneof))
            {
                at.Fail(ViolationReasons.Contradictory, "is one of several, of which only one may be given");
            }
            else if (JsonScalars.Fault(field, values[0]!) is { } fault)
            {
                at.Fail(ViolationReasons.WrongFormat, fault);
            }
        }

        violations.ThrowIfAny();
    }

    // Bytes and lists go into a body; a plus sign of base64 would be a space here.
    private static List<FieldDescriptor>? Resolve(JsonRoute route, string key)
    {
        List<FieldDescriptor> fields = [];
        MessageDescriptor? type = route.TakesQuery ? route.Method.InputType : null;
        foreach (string part in key.Split('.'))
        {
            if (type is null || StrictBody.Find(type, part) is not { IsRepeated: false } field || field == route.BodyField)
            {
                return null;
            }

            fields.Add(field);
            type = field.FieldType == FieldType.Message && field.MessageType.File.Package != "google.protobuf" ? field.MessageType : null;
        }

        return fields[^1].FieldType is FieldType.Message or FieldType.Bytes ? null : fields;
    }
}

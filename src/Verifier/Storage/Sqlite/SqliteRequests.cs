using Microsoft.Data.Sqlite;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>Answers given to request ids; the caller holds the transaction.</summary>
internal static class SqliteRequests
{
    public static RecordedAnswer? Recorded(SqliteConnection connection, string tenant, RequestKey? request, DateTimeOffset now)
    {
        byte[]? body = request is null ? null : connection.Blob(
            "SELECT body FROM request WHERE tenant = $tenant AND request_id = $request AND expires > $now",
            ("$tenant", tenant),
            ("$request", request.RequestId),
            ("$now", now.ToUnixTimeMilliseconds()));
        return body is null ? null : RecordCodec.DecodeRequest(body, tenant, request!.RequestId);
    }

    public static void Remember(SqliteConnection connection, string tenant, RequestKey? request, Func<RequestKey, byte[]> answer, DateTimeOffset now)
    {
        connection.Run("DELETE FROM request WHERE expires <= $now", ("$now", now.ToUnixTimeMilliseconds()));
        if (request is not null)
        {
            connection.Run(
                "INSERT INTO request (tenant, request_id, expires, body) VALUES ($tenant, $request, $expires, $body)",
                ("$tenant", tenant),
                ("$request", request.RequestId),
                ("$expires", (now + ChangePlanner.RequestLife).ToUnixTimeMilliseconds()),
                ("$body", answer(request)));
        }
    }
}

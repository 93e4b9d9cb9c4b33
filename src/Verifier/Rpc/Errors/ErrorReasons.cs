namespace Verifier.Service.Rpc.Errors;

/// <summary>The reasons of <c>google.rpc.ErrorInfo</c>. Once published, a reason stays; docs/errors.md explains each.</summary>
internal static class ErrorReasons
{
    public const string Domain = "verifier.v1";

    public const string InvalidRequest = "INVALID_REQUEST";
    public const string MalformedEvidence = "MALFORMED_EVIDENCE";
    public const string MalformedMessage = "MALFORMED_MESSAGE";
    public const string UnknownFields = "UNKNOWN_FIELDS";
    public const string RequestTooLarge = "REQUEST_TOO_LARGE";
    public const string MethodUnknown = "METHOD_UNKNOWN";
    public const string EncodingNotSupported = "ENCODING_NOT_SUPPORTED";

    public const string OriginNotAllowed = "ORIGIN_NOT_ALLOWED";
    public const string HostNotAllowed = "HOST_NOT_ALLOWED";
    public const string DeadlineExceeded = "DEADLINE_EXCEEDED";

    public const string TokenMissing = "TOKEN_MISSING";
    public const string TokenWrong = "TOKEN_WRONG";
    public const string TokenUnreadable = "TOKEN_UNREADABLE";
    public const string TokenExposed = "TOKEN_EXPOSED";
    public const string TokenRefused = "TOKEN_REFUSED";
    public const string IssuerUnavailable = "ISSUER_UNAVAILABLE";
    public const string RoleMissing = "ROLE_MISSING";
    public const string IdentityRuleNotFound = "IDENTITY_RULE_NOT_FOUND";
    public const string IdentityRuleExists = "IDENTITY_RULE_EXISTS";
    public const string TenantExists = "TENANT_EXISTS";
    public const string MethodNotGranted = "METHOD_NOT_GRANTED";

    public const string TenantNotFound = "TENANT_NOT_FOUND";
    public const string ReferenceValueNotFound = "REFERENCE_VALUE_NOT_FOUND";
    public const string MeasurementNotFound = "MEASUREMENT_NOT_FOUND";
    public const string ReferenceValueExists = "REFERENCE_VALUE_EXISTS";
    public const string EtagMismatch = "ETAG_MISMATCH";
    public const string WrongState = "WRONG_STATE";
    public const string MeasurementRevoked = "MEASUREMENT_REVOKED";
    public const string MeasurementNotRevoked = "MEASUREMENT_NOT_REVOKED";
    public const string MeasurementOfOthers = "MEASUREMENT_OF_OTHERS";
    public const string ApprovalByAnother = "APPROVAL_BY_ANOTHER";
    public const string LiftRequestExists = "LIFT_REQUEST_EXISTS";
    public const string LiftRequestNotFound = "LIFT_REQUEST_NOT_FOUND";
    public const string TooManyDocuments = "TOO_MANY_DOCUMENTS";
    public const string RequestIdReused = "REQUEST_ID_REUSED";

    public const string PolicyNotFound = "POLICY_NOT_FOUND";
    public const string PolicyInForce = "POLICY_IN_FORCE";
    public const string PolicyLimitReached = "POLICY_LIMIT_REACHED";
    public const string ExpectationNotAdmitted = "EXPECTATION_NOT_ADMITTED";

    public const string EvidenceNotAuthentic = "EVIDENCE_NOT_AUTHENTIC";
    public const string TooManyChallenges = "TOO_MANY_CHALLENGES";
    public const string FileTooLarge = "FILE_TOO_LARGE";
    public const string TooManyRegistrations = "TOO_MANY_REGISTRATIONS";
    public const string MalformedFile = "MALFORMED_FILE";
    public const string FileNotMeasurable = "FILE_NOT_MEASURABLE";
    public const string FileDiffers = "FILE_DIFFERS";
    public const string DigestDiffers = "DIGEST_DIFFERS";

    public const string TokensOff = "TOKENS_OFF";

    public const string StoreUnavailable = "STORE_UNAVAILABLE";
    public const string NotDurable = "NOT_DURABLE";
    public const string StoreUnfit = "STORE_UNFIT";
    public const string EntryNotFound = "ENTRY_NOT_FOUND";
    public const string LogShorter = "LOG_SHORTER";
    public const string CopyRefused = "COPY_REFUSED";
    public const string TenantNotEmpty = "TENANT_NOT_EMPTY";
    public const string TooManyImports = "TOO_MANY_IMPORTS";
    public const string LogNotLoaded = "LOG_NOT_LOADED";
    public const string LogRolledBack = "LOG_ROLLED_BACK";
    public const string LogBroken = "LOG_BROKEN";
    public const string RecordContradictsLog = "RECORD_CONTRADICTS_LOG";
    public const string NotReady = "NOT_READY";
    public const string Overloaded = "OVERLOADED";
    public const string CallerShareTaken = "CALLER_SHARE_TAKEN";
    public const string TenantShareTaken = "TENANT_SHARE_TAKEN";
    public const string DeadlineTooShort = "DEADLINE_TOO_SHORT";
    public const string ShuttingDown = "SHUTTING_DOWN";
    public const string TooManyWatchers = "TOO_MANY_WATCHERS";
    public const string WatchEnded = "WATCH_ENDED";
    public const string StreamEnded = "STREAM_ENDED";
    public const string StreamIdle = "STREAM_IDLE";
    public const string ItemTimeout = "ITEM_TIMEOUT";
    public const string Cancelled = "CANCELLED";
    public const string InternalDefect = "INTERNAL_DEFECT";
}

using Grpc.Core;

namespace Verifier.Service.Telemetry;

/// <summary>How a call ended whose status gRPC's server does not know, because it was not reached or answers in JSON.</summary>
internal sealed record CallOutcome(StatusCode Status);

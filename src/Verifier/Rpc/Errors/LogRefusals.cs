using Verifier.Service.Log;

namespace Verifier.Service.Rpc.Errors;

/// <summary>What callers are told when a registry must not be judged by. What was seen is for the operator's log.</summary>
internal static class LogRefusals
{
    public static string Text(string reason) => reason switch
    {
        LogFault.RolledBack => "the registry is at an earlier or another history than was seen before; nothing was decided",
        LogFault.Broken => "the log of the registry does not hold together; nothing was decided",
        _ => "what the registry holds contradicts its log; nothing was decided",
    };
}

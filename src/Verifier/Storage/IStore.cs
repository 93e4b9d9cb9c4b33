using Verifier.Service.Challenges;
using Verifier.Service.Documents;
using Verifier.Service.Kds;
using Verifier.Service.Log;
using Verifier.Service.Log.Copies;
using Verifier.Service.Registry;
using Verifier.Service.Usage;

namespace Verifier.Service.Storage;

/// <summary>A store as a whole: it owns the connections that the parts share. Nothing is opened before the first call.</summary>
internal interface IStore : IAsyncDisposable
{
    /// <summary>For the log: what it is and where, without secrets.</summary>
    string Description { get; }

    /// <summary>What weakens it, one sentence each, and told in the log once: the configuration, and what the store has told of itself so far.</summary>
    IReadOnlyList<string> Warnings { get; }

    IReferenceValueStore References { get; }

    IDocumentStore Documents { get; }

    IChangeLog Log { get; }

    ITenantContents Contents { get; }

    ITenantImport Import { get; }

    ICertificateCache Certificates { get; }

    IChallengeStore Challenges { get; }

    /// <summary>What several instances on this store agree on; null when it never has more than one.</summary>
    IKdsFleet? Fleet { get; }

    IUsageStore Usage { get; }
}

namespace Verifier.Service.Telemetry;

/// <summary>Instruments that are asked what they show. Nobody calls them, so that they are made at the start.</summary>
internal interface IGauges;

/// <summary>Counters with few, known labels. They are there from the start: an increase from nothing to one is none to Prometheus.</summary>
internal interface IStartsAtZero
{
    /// <summary>Adds nothing under each label.</summary>
    void StartAtZero();
}

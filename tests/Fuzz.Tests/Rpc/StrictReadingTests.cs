using Verifier.Fuzz.Tests.Mutators;
using Verifier.Service.Rpc.Errors;
using Verifier.Tests.Rpc;

namespace Verifier.Fuzz.Tests.Rpc;

/// <summary>Whether a request has unknown fields is told by its shape: the same of mutants of every request, the same in each run, as of reading them twice.</summary>
public sealed class StrictReadingTests
{
    private const int MutantsOfEach = 3000;

    [Fact]
    public void T93_Mutants_AreReadAsByTwoReadings()
    {
        Dictionary<string, int> outcomes = [];
        Random random = new(7);
        foreach (RequestReader reader in Readers.All)
        {
            for (int i = 0; i < MutantsOfEach; i++)
            {
                byte[] mutant = WireMutator.Mutate(random, reader.Seeds[random.Next(reader.Seeds.Count)], reader.Seeds);
                string outcome = TwoReadings.Same(reader.Type, mutant, random.Next(2) == 0 ? int.MaxValue : 3);
                outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            }
        }

        // A mutator of which nearly all are refused for one reason would compare nothing.
        Assert.All([TwoReadings.IsRead, ErrorReasons.UnknownFields, ErrorReasons.MalformedMessage], o => Assert.True(outcomes.GetValueOrDefault(o) > 5000, string.Join(", ", outcomes)));
    }
}

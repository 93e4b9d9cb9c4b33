namespace Verifier.Pods;

/// <summary>A command line as kubectl and helm read theirs: words, and options with a value behind <c>=</c> or as the next word.</summary>
internal sealed class Arguments
{
    private static readonly HashSet<string> Switches = ["--wait", "--create-namespace"];
    private static readonly Dictionary<string, string> Long = new() { ["-n"] = "--namespace", ["-f"] = "--values", ["-o"] = "--output" };

    private readonly List<string> _words = [];
    private readonly List<(string Name, string Value)> _options = [];

    public Arguments(IReadOnlyList<string> arguments)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (!argument.StartsWith('-') || argument == "-")
            {
                _words.Add(argument);
                continue;
            }

            (string name, string? value) = argument.Split('=', 2) is [var n, var v] ? (n, v) : (argument, null);
            name = Long.GetValueOrDefault(name, name);
            _options.Add((name, value ?? (Switches.Contains(name) ? "" : arguments.ElementAtOrDefault(++i) ?? throw new StandInException($"{argument} needs a value"))));
        }
    }

    public IReadOnlyList<string> Words => _words;

    public string Namespace => this["--namespace"] ?? "default";

    public string? this[string name] => _options.LastOrDefault(o => o.Name == name).Value;

    public IEnumerable<string> All(string name) => _options.Where(o => o.Name == name).Select(o => o.Value);

    /// <summary>What is not known would be ignored, and is refused.</summary>
    public void DemandOnly(params string[] names)
    {
        if (_options.Find(o => o.Name != "--namespace" && !names.Contains(o.Name)) is { Name: { } unknown })
        {
            throw new StandInException($"this stand-in does not know {unknown}");
        }
    }
}

using Verifier.Pods;

// pods kubectl ARGUMENTS, pods helm ARGUMENTS: as those programs, as far as docs/getting-started uses them. PODS_STATE is a folder of its own.
try
{
    Cluster cluster = new(Variable("PODS_STATE"));
    Arguments arguments = new(args.Length > 0 ? args[1..] : []);
    switch (args.FirstOrDefault())
    {
        case "kubectl":
            await new Kubectl(cluster).RunAsync(arguments);
            break;
        case "helm":
            await new Helm(cluster, Variable("HELM")).RunAsync(arguments);
            break;
        default:
            throw new StandInException("pods kubectl|helm ARGUMENTS");
    }

    return 0;
}
catch (StandInException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}

static string Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : throw new StandInException($"{name} is not set");

using Verifier.Perf.Trials;

// usage: Trials registry [MEASUREMENTS] [PER_VALUE] [RUNS] [CALLS]
//        Trials table --service PROGRAM --client PROGRAM --figures FILE [--igvm FILE] [--short] [--markdown]
//        Trials saturation --service PROGRAM --client PROGRAM [--minutes N] [--factor F] [--chips N]
switch (args)
{
    case ["registry", .. string[] rest]:
        await RegistryTrial.RunAsync(rest);
        return 0;
    case ["table", .. string[] rest]:
        await TableTrial.RunAsync(new Options(rest));
        return 0;
    case ["saturation", .. string[] rest]:
        return await SaturationTrial.RunAsync(new Options(rest));
    default:
        await Console.Error.WriteLineAsync("registry, table or saturation: see perf/README.md");
        return 1;
}

using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using Verifier.Perf.Benchmarks;

// Short runs: the ratios are what counts, and they settle soon.
IConfig config = DefaultConfig.Instance.AddJob(Job.ShortRun);
BenchmarkSwitcher.FromTypes([typeof(MeasureIgvm), typeof(JudgeReport), typeof(VerifySignature)]).Run(args, config);

using System.Globalization;
using Spectre.Console;

namespace Verifier.Client.Output;

/// <summary>A bar on stderr while a load lasts, for a person at a terminal.</summary>
internal sealed class BenchProgress(CliContext context)
{
    public async Task<T> WhileAsync<T>(string title, TimeSpan duration, Task<T> work)
    {
        if (!context.ShowProgress)
        {
            return await work;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        return await console.Progress().AutoClear(true).StartAsync(async bars =>
        {
            ProgressTask task = bars.AddTask(Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{title}, {duration.TotalSeconds:0} s")), maxValue: 1);
            long start = context.Clock.GetTimestamp();
            while (await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(200))) != work)
            {
                task.Value = context.Clock.GetElapsedTime(start) / duration;
            }

            return await work;
        });
    }
}

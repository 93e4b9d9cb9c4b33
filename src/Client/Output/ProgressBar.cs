using Spectre.Console;

namespace Verifier.Client.Output;

/// <summary>A bar on stderr for work that takes a while, for a person who waits at a terminal. It is gone when the work is done.</summary>
internal static class ProgressBar
{
    // What takes less than about a second needs no bar.
    private const long ShortWork = 128L << 20;

    /// <summary>Runs the work.</summary>
    /// <param name="context">Tells whether somebody watches.</param>
    /// <param name="bytes">How much there is to do.</param>
    /// <param name="title">What is done.</param>
    /// <param name="work">The work; reports how much of it is done, 0 to 1, unless it is handed null.</param>
    public static T Run<T>(CliContext context, long bytes, string title, Func<IProgress<double>?, T> work)
    {
        if (!context.ShowProgress || bytes < ShortWork)
        {
            return work(null);
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        return console.Progress().AutoClear(true).Start(bars =>
        {
            ProgressTask task = bars.AddTask(Markup.Escape(SafeText.Of(title)), maxValue: 1);
            return work(new Bar(task));
        });
    }

    // Progress<T> would report on another thread, and late.
    private sealed class Bar(ProgressTask task) : IProgress<double>
    {
        public void Report(double value) => task.Value = value;
    }
}

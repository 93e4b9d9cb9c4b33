using Spectre.Console;

namespace Verifier.Client.Output;

/// <summary>
/// Text results: lines of styled, escaped text. Lines are never broken here, so that digests can be copied; a terminal wraps by
/// itself. Foreign strings never pass through a markup parser.
/// </summary>
internal sealed class Page
{
    public static readonly Style Good = new(Color.Green, decoration: Decoration.Bold);
    public static readonly Style Bad = new(Color.Red, decoration: Decoration.Bold);
    public static readonly Style Caution = new(Color.Yellow);
    public static readonly Style Heading = new(decoration: Decoration.Bold);
    public static readonly Style Quiet = new(decoration: Decoration.Dim);

    private readonly IAnsiConsole _console;

    public Page(TextWriter output, bool useColor)
    {
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = useColor ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = useColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        _console.Profile.Width = 64 * 1024;
    }

    public Page Append(string? text, Style? style = null)
    {
        _console.Write(new Text(SafeText.Of(text), style));
        return this;
    }

    public Page Line(string? text = null, Style? style = null)
    {
        Append(text, style);
        _console.WriteLine();
        return this;
    }

    /// <summary>A label and its value in columns; nothing at all when there is no value.</summary>
    public Page Field(string label, string? value, int indent = 2, int width = 18)
    {
        if (string.IsNullOrEmpty(value))
        {
            return this;
        }

        return Append(new string(' ', indent)).Append(label.PadRight(width), Quiet).Line(value);
    }
}

namespace SevSnp.Measurement;

/// <summary>The digest of one launch on its way through the plan. It follows the hashing of the pages.</summary>
internal sealed class IgvmLaunchChain(IgvmLaunchPlan plan, IgvmPageContents contents, bool keepSteps)
{
    private readonly LaunchDigest _digest = new(keepSteps);
    private int _next;
    private int _done;

    /// <summary>Goes on as far as the slots below a number allow.</summary>
    public void Advance(int hashed)
    {
        for (; _next < plan.Pages.Count; _next++, _done = 0)
        {
            PlannedPages pages = plan.Pages[_next];
            for (; _done < pages.Count; _done++)
            {
                int slot = SlotOf(pages, _done);
                if (slot >= hashed)
                {
                    return;
                }

                _digest.Add(pages.Type, unchecked(pages.Gpa + ((ulong)_done * pages.Stride)), contents.DigestOf(slot));
            }
        }
    }

    public LaunchMeasurement Finish() => _digest.ToMeasurement();

    private int SlotOf(in PlannedPages pages, int index) =>
        !pages.Type.MeasuresContents() ? IgvmPageContents.NoSlot
        : pages.FileOffset == 0 ? IgvmPageContents.ZeroSlot
        : contents.SlotOf(pages.FileOffset + (uint)(index * pages.Stride));
}

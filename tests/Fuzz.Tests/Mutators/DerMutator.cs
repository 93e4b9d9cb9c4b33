namespace Verifier.Fuzz.Tests.Mutators;

/// <summary>Changes elements of DER: tags, forms of length, order, number and content, with the lengths around them put right.</summary>
internal static class DerMutator
{
    private static readonly byte[] Tags =
    [
        0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0C, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1E, 0x1F, 0x22, 0x24, 0x30, 0x31, 0x80, 0x81, 0x82, 0x86, 0xA0, 0xA1, 0xA2, 0xA3, 0xBF, 0x00, 0xFF,
    ];

    /// <param name="random">The only source of chance.</param>
    /// <param name="der">What is changed.</param>
    /// <param name="donors">Where elements are borrowed from.</param>
    public static byte[] Mutate(Random random, byte[] der, IReadOnlyList<byte[]> donors)
    {
        List<DerNode>? roots = DerNode.Read(der);
        if (roots is not { Count: > 0 } || random.Next(10) == 0)
        {
            return ByteMutator.Mutate(random, der);
        }

        Change(random, roots, donors);
        return DerNode.Encode(roots);
    }

    /// <summary>Changes some elements in place.</summary>
    public static void Change(Random random, List<DerNode> roots, IReadOnlyList<byte[]> donors)
    {
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            DerNode[] all = [.. roots.SelectMany(r => r.All())];
            Change(random, all[random.Next(all.Length)], all, donors);
        }
    }

    private static void Change(Random random, DerNode node, DerNode[] all, IReadOnlyList<byte[]> donors)
    {
        if (node.Children is { Count: > 0 } children && random.Next(2) == 0)
        {
            ChangeChildren(random, children, all, donors);
            return;
        }

        switch (random.Next(8))
        {
            case 0:
                node.Tag = random.Next(3) == 0 ? (byte)random.Next(256) : Tags[random.Next(Tags.Length)];
                break;
            case 1:
                node.LengthBytes = WrongLength(random, node);
                break;
            case 2:
                DerNode other = all[random.Next(all.Length)];
                (node.Tag, node.Content, node.Children) = (other.Tag, other.Content, other.Children?.ConvertAll(c => c.Copy()));
                break;
            case 3 when node.Children is null:
                byte[] number = new byte[1 << random.Next(6)];
                Numbers.Write(random, number);
                node.Content = number;
                break;
            case 4:
                // Wraps itself, or many times over.
                DerNode inner = node.Copy();
                for (int depth = random.Next(8) == 0 ? random.Next(200) : 0; depth > 0; depth--)
                {
                    inner = new DerNode { Tag = 0x30, Children = [inner] };
                }

                (node.Tag, node.Content, node.Children) = (0x30, [], [inner]);
                break;
            case 5:
                (node.Content, node.Children) = ([], null);
                break;
            default:
                if (node.Children is null)
                {
                    node.Content = ByteMutator.Mutate(random, node.Content, 2);
                }

                break;
        }
    }

    private static void ChangeChildren(Random random, List<DerNode> children, DerNode[] all, IReadOnlyList<byte[]> donors)
    {
        int at = random.Next(children.Count);
        switch (random.Next(6))
        {
            case 0:
                children.Insert(random.Next(children.Count + 1), children[at].Copy());
                break;
            case 1:
                children.RemoveAt(at);
                break;
            case 2:
                int with = random.Next(children.Count);
                (children[at], children[with]) = (children[with], children[at]);
                break;
            case 3:
                children.Insert(at, all[random.Next(all.Length)].Copy());
                break;
            case 4 when donors.Count > 0 && DerNode.Read(donors[random.Next(donors.Count)]) is { Count: > 0 } foreign:
                DerNode[] parts = [.. foreign.SelectMany(f => f.All())];
                children[at] = parts[random.Next(parts.Length)];
                break;
            default:
                DerNode child = children[at];
                for (int times = random.Next(16) == 0 ? random.Next(300) : 2; times > 0; times--)
                {
                    children.Insert(at, child.Copy());
                }

                break;
        }
    }

    private static byte[] WrongLength(Random random, DerNode node)
    {
        int right = node.Encode().Length;
        return random.Next(5) switch
        {
            0 => [0x80],
            1 => [0x81, (byte)right],
            2 => [0x84, 0, 0, (byte)(right >> 8), (byte)right],
            3 => [0x84, (byte)random.Next(256), 0xFF, 0xFF, 0xFF],
            _ => DerNode.LengthOf((int)(Numbers.Next(random, right) & 0xFFFFF)),
        };
    }
}

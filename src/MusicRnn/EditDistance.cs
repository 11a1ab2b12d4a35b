namespace MusicRnn;

/// <summary>How unlike two words are, for guessing what somebody meant who mistyped a name.</summary>
public static class EditDistance
{
    /// <summary>The fewest letters to change, add or take away to make one word of the other (Levenshtein 1966).</summary>
    public static int Between(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[to.Length];
    }
}

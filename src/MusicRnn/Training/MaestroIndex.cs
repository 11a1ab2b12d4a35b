namespace MusicRnn.Training;

/// <summary>The table that MAESTRO comes with (maestro-vN.csv): which split each file belongs to, and who wrote the piece.</summary>
/// <remarks>Hawthorne et al., "Enabling Factorized Piano Music Modeling and Generation with the MAESTRO Dataset", ICLR 2019.</remarks>
internal sealed class MaestroIndex
{
    /// <summary>Six recordings of 2018 are piano trios, of which the piano alone was captured; MAESTRO 3.0.0 dropped them.</summary>
    private static readonly string[] Trios =
    [
        "MIDI-Unprocessed_Chamber1_MID--AUDIO_07_R3_2018_wav--2",
        "MIDI-Unprocessed_Chamber2_MID--AUDIO_09_R3_2018_wav--3",
        "MIDI-Unprocessed_Chamber3_MID--AUDIO_10_R3_2018_wav--3",
        "MIDI-Unprocessed_Chamber4_MID--AUDIO_11_R3_2018_wav--3",
        "MIDI-Unprocessed_Chamber5_MID--AUDIO_18_R3_2018_wav--2",
        "MIDI-Unprocessed_Chamber6_MID--AUDIO_20_R3_2018_wav--3",
    ];

    private readonly Dictionary<string, (Split Split, string Composer)> _files = new(StringComparer.Ordinal);

    /// <summary>The files that the table names and that are to be used, relative to the table's folder, with '/' between parts.</summary>
    public IReadOnlyDictionary<string, (Split Split, string Composer)> Files => _files;

    /// <summary>Whether a path is one of the piano trios.</summary>
    public static bool IsTrio(string path) => Trios.Contains(Path.GetFileNameWithoutExtension(path), StringComparer.Ordinal);

    /// <summary>Reads the table.</summary>
    /// <exception cref="InvalidDataException">A column is missing, or a line is broken: the message says which.</exception>
    public static MaestroIndex Read(string path)
    {
        var index = new MaestroIndex();
        using var reader = new StreamReader(path);
        List<string> columns = SplitLine(reader.ReadLine() ?? "");
        int file = ColumnOf("midi_filename"), split = ColumnOf("split"), composer = ColumnOf("canonical_composer");
        int least = Math.Max(file, Math.Max(split, composer)) + 1;
        for (int number = 2; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0)
            {
                continue;
            }

            List<string> fields = SplitLine(line);
            if (fields.Count < least)
            {
                throw Broken($"line {number}: {fields.Count} fields, where {columns.Count} are due");
            }

            index._files[fields[file]] = (ToSplit(fields[split], number), fields[composer]);
        }

        return index;

        int ColumnOf(string name)
        {
            int column = columns.IndexOf(name);
            return column >= 0 ? column : throw Broken($"it has no column \"{name}\"");
        }

        Split ToSplit(string text, int line) => text switch
        {
            "train" => Split.Train,
            "validation" => Split.Validation,
            "test" => Split.Test,
            _ => throw Broken($"line {line}: the split is \"{text}\", where train, validation and test exist"),
        };

        InvalidDataException Broken(string what) => new($"{path} is not a sound table of MAESTRO: {what}. Put MAESTRO's own there, or, if it is not meant as that, call it something else.");
    }

    /// <summary>The fields of one line of RFC 4180: those with commas in quotes, quotes within doubled. None of the table's goes over a line's end.</summary>
    private static List<string> SplitLine(string line)
    {
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (quoted)
            {
                if (c != '"')
                {
                    field.Append(c);
                }
                else if (i + 1 < line.Length && line[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c == ',')
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}

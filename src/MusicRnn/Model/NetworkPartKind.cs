namespace MusicRnn.Model;

/// <summary>What a part of a network is, in the order in which a note goes through them.</summary>
public enum NetworkPartKind
{
    /// <summary>A table whose rows are looked up and summed.</summary>
    Input,

    /// <summary>A layer of the LSTM.</summary>
    Layer,

    /// <summary>What is looked up among the notes just past.</summary>
    Attention,

    /// <summary>From the LSTM to the heads' own hidden layers.</summary>
    Projection,

    /// <summary>What says one thing of the next note.</summary>
    Head,
}

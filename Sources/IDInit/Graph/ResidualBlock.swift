/// A residual block: a stem and its shortcut, joined by an addition.
public struct ResidualBlock: Hashable, Sendable, Codable {
  /// What a shortcut is.
  public enum Shortcut: String, Hashable, Sendable, Codable {
    /// The block's input itself.
    case identity
    /// The block's input through at most one weight.
    case projection
  }

  /// The sum's name in the graph.
  public let add: String
  /// The name of the value that the stem adds.
  public let stem: String
  /// The name of the value that the shortcut adds.
  public let shortcut: String
  /// What the shortcut is.
  public let kind: Shortcut
  /// The paths of the stem's last weights: those after which no other weight comes before the addition.
  /// Empty if the stem has none, so that nothing in it can carry the zero.
  public let last: [String]
  /// The paths of the weights on the shortcut.
  public let shortcutWeights: [String]
  /// The paths of all weights of the stem, in the order of the graph; the last ones are among them.
  public var stemWeights: [String] = []
  /// The paths of the normalisation scales between the last weights and the addition (Zero-γ's γ); empty if none is.
  public var lastNormScales: [String] = []
  /// The paths of the numbers that multiply the whole stem after its last weight (``ParameterRole/residualScale``);
  /// empty if there are none.
  public var multipliers: [String] = []
  /// What was ambiguous, and how it was decided.
  public let notes: [String]
}

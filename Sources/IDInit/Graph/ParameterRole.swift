/// What a parameter does in its network.
public enum ParameterRole: String, Hashable, Sendable, Codable, CaseIterable {
  /// The first weight on the input's path.
  case first
  case hidden
  /// The last weight of a residual stem.
  case stemLast = "stem-last"
  /// A weight on a projection shortcut.
  case shortcut
  /// The projections of an attention.
  case query, key, value
  /// The projection of what an attention returns.
  case attentionOutput = "attention-output"
  /// The last classification layer of a residual network.
  case head
  case embedding
  case normScale = "norm-scale"
  case normBias = "norm-bias"
  case bias
  case other
}

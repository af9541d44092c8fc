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
  /// A number that multiplies a whole stem before it is added to its shortcut: Fixup's scalar multiplier, SkipInit's
  /// skip gain, ReZero's residual weight. Several blocks may share one.
  case residualScale = "residual-scale"
  /// A number that is added to activations, all elements alike: Fixup's scalar bias.
  case scalarBias = "scalar-bias"
  case other
}

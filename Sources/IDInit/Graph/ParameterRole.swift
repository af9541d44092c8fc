/// What a parameter does in its network.
public enum ParameterRole: String, Hashable, Sendable, Codable, CaseIterable {
  /// The first weight on the input's path.
  case first
  /// A weight between the first and the last ones, in no other role.
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
  /// A table of vectors that are looked up, or a weight tied to one.
  case embedding
  /// What a normalisation multiplies by (γ).
  case normScale = "norm-scale"
  /// What a normalisation adds (β).
  case normBias = "norm-bias"
  /// What is added beside a weight.
  case bias
  /// A number that multiplies a whole stem before it is added to its shortcut: Fixup's scalar multiplier, SkipInit's
  /// skip gain, ReZero's residual weight. Several blocks may share one.
  case residualScale = "residual-scale"
  /// A number that is added to activations, all elements alike: Fixup's scalar bias.
  case scalarBias = "scalar-bias"
  /// No known use, or none at all: the reason says which.
  case other
}

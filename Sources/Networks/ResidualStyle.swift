/// What a residual block does to its stem before it is added to the shortcut.
public enum ResidualStyle: String, Codable, CaseIterable, Hashable, Sendable {
  /// Nothing: `stem(x) + shortcut(x)`.
  case plain
  /// Shifts by a scalar before every convolution and nonlinearity, and multiplies and shifts the stem by one each
  /// (Zhang, Dauphin and Ma, "Fixup Initialization", 2019). Takes the place of normalisation.
  case fixup
  /// Multiplies the stem by the scalar `skip_gain` (De and Smith, "Batch Normalization Biases Residual Blocks Towards
  /// the Identity Function in Deep Networks", 2020).
  case skipInit = "skipinit"
  /// Multiplies the stem by the scalar `resweight` (Bachlechner et al., "ReZero is All You Need", 2020).
  case reZero = "rezero"
}

/// A number that a training is asked for, checked before anything is written.
enum TrainingNumber {
  /// - Parameters:
  ///   - holds: Whether the number is one that can be.
  ///   - group: What it belongs to: `training`, `augmentation`.
  ///   - name: Its name.
  ///   - value: What it is.
  ///   - expected: What it should be.
  /// - Throws: `LabError` (`.configuration`) unless it holds.
  static func require(
    _ holds: Bool, in group: String = "training", _ name: String, _ value: Any, _ expected: String
  ) throws(LabError) {
    guard !holds else { return }
    throw LabError(.configuration, "\(group): \(name) is \(value); expected \(expected)")
  }
}

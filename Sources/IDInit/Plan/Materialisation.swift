extension InitializationPlan {
  /// Writes the weights of one parameter.
  ///
  /// - Parameters:
  ///   - entry: A line of this plan that has a rule.
  ///   - bytes: The parameter's row-major storage, all of it.
  ///   - type: The type of its elements. Values are computed in fp32 or better and rounded once.
  ///   - threads: How many threads may write; the bytes do not depend on it.
  /// - Returns: false if the parameter is kept; nothing is written then.
  /// - Throws: ``RuleError`` for a rule that does not fit the parameter or a buffer of the wrong size.
  @discardableResult
  public func fill(
    _ entry: Entry, into bytes: UnsafeMutableRawBufferPointer, as type: ElementType, threads: Int = 1
  ) throws(RuleError) -> Bool {
    guard let rule = entry.rule else { return false }
    try rule.fill(bytes, as: type, geometry: entry.geometry, seed: seed, name: entry.name, threads: threads)
    return true
  }

  /// The weights of every parameter that has a rule, as arrays.
  ///
  /// - Throws: ``RuleError`` for a rule that does not fit its parameter.
  public func values<Scalar: WeightScalar>(
    as: Scalar.Type = Float.self, threads: Int = 1
  ) throws(RuleError) -> [String: [Scalar]] {
    var result: [String: [Scalar]] = [:]
    for entry in entries {
      guard let rule = entry.rule else { continue }
      result[entry.name] = try rule.values(
        geometry: entry.geometry, as: Scalar.self, seed: seed, name: entry.name, threads: threads)
    }
    return result
  }

  /// Whether every rule fits its parameter, found without writing a value.
  ///
  /// - Throws: ``RuleError`` that names the first parameter whose rule does not fit.
  public func validate() throws(RuleError) {
    for entry in entries { try entry.rule?.check(entry.geometry, name: entry.name) }
  }
}

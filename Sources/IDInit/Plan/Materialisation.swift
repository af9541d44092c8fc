extension InitializationPlan {
  /// Writes weights of one parameter: all of them or, so that a huge one can be made piece by piece, a range.
  ///
  /// - Parameters:
  ///   - entry: A line of this plan.
  ///   - bytes: The row-major storage of the elements `range`.
  ///   - type: The type of its elements. Values are computed in fp32 or better and rounded once.
  ///   - range: Which elements of the parameter `bytes` stands for; nil for all of them.
  ///   - threads: How many threads may write; the bytes do not depend on it.
  /// - Returns: false if the parameter is kept; nothing is written then.
  /// - Throws: ``RuleError`` for a rule that does not fit the parameter or a buffer of the wrong size.
  @discardableResult
  public func fill(
    _ entry: Entry, into bytes: UnsafeMutableRawBufferPointer, as type: ElementType, range: Range<Int>? = nil,
    threads: Int = 1
  ) throws(RuleError) -> Bool {
    guard let rule = entry.rule else { return false }
    for matrix in entry.matrices {
      try rule.fill(
        bytes, as: type, range: range, geometry: matrix, seed: seed, name: entry.stream, threads: threads)
    }
    return true
  }

  /// The weights of every parameter that has a rule, as arrays.
  ///
  /// - Throws: ``RuleError`` for a rule that does not fit its parameter.
  public func values<Scalar: WeightScalar>(
    as: Scalar.Type = Float.self, threads: Int = 1
  ) throws(RuleError) -> [String: [Scalar]] {
    var result: [String: [Scalar]] = [:]
    for entry in entries where entry.rule != nil {
      var failure: RuleError?
      let count = entry.geometry.elementCount
      let values = [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
        let all = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
        all.initialize(repeating: Scalar(rounding: 0))
        do throws(RuleError) {
          try fill(entry, into: UnsafeMutableRawBufferPointer(all), as: Scalar.elementType, threads: threads)
        } catch { failure = error }
        initialized = count
      }
      if let failure { throw failure }
      result[entry.name] = values
    }
    return result
  }

  /// Whether every rule fits its parameter, found without writing a value.
  ///
  /// - Throws: ``RuleError`` that names the first parameter whose rule does not fit.
  public func validate() throws(RuleError) {
    for entry in entries {
      for matrix in entry.matrices { try entry.rule?.check(matrix, name: entry.name) }
    }
  }
}

extension InitializationPlan.Entry {
  /// What the rule is applied to, each by itself. Identities are laid into every matrix that a weight holds (queries,
  /// keys and values; gates); a random rule takes the weight as `torch.nn.init` takes the tensor, as a whole, but for a
  /// stack of matrices (experts), which has no fans of its own.
  public var matrices: [WeightGeometry] { matrices(for: rule) }

  func matrices(for rule: Rule?) -> [WeightGeometry] {
    if parts.isEmpty { return [geometry] }
    if let rule, rule.isLaidIntoParts { return parts.map(\.geometry) }
    guard let stack, stack > 1 else { return [geometry] }
    let rows = geometry.wholeRows / stack
    return (0..<stack).map { geometry.block(($0 * rows)..<(($0 + 1) * rows)) }
  }

  /// The name that random rules draw under: tied parameters get the same values.
  var stream: String { tiedTo ?? name }
}

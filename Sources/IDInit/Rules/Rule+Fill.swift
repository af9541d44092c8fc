extension Rule {
  /// Throws if this rule cannot initialise a weight of this geometry: axes that name no matrix, a negative standard
  /// deviation, and so on. `name` appears in the message.
  public func check(_ geometry: WeightGeometry, name: String = "") throws(RuleError) {
    do throws(RuleError) {
      try geometry.validate(self.name.rawValue)
      if weightRule.needsMatrix, !geometry.isMatrix {
        throw RuleError(
          .geometry, self.name.rawValue,
          "the shape \(geometry.shape) has no input axis; expected a weight with outputs and inputs")
      }
      try weightRule.check(geometry)
    } catch {
      guard !name.isEmpty else { throw error }
      throw RuleError(error.kind, name, error.description)
    }
  }

  /// Writes elements `range` (nil: all) of a weight's row-major storage to `values`, which holds just those elements.
  ///
  /// The bits of an element depend on (rule, geometry, seed, name) alone: not on the range, so that a huge weight can
  /// be made in pieces, and not on `threads`. (The one exception is the rounding of ``OrthogonalRule``, which also
  /// computes the whole matrix for any piece.) Of a ``WeightGeometry/block(_:)`` only the block's rows are written;
  /// the storage and the range are the whole weight's. An empty weight or range writes nothing.
  ///
  /// - Parameters:
  ///   - values: the elements to write, as many as the range has.
  ///   - range: which elements of the storage these are.
  ///   - geometry: what the weight's axes mean.
  ///   - seed: one seed for a whole model.
  ///   - name: the parameter's name, which picks its random stream and appears in errors.
  ///   - threads: at most this many threads work at once.
  /// - Throws: `RuleError` if the geometry is unsound, a number of the rule is out of its domain, the range lies
  ///   outside the weight, or the buffer has another length. Nothing has been written then.
  public func fill<Scalar: WeightScalar>(
    _ values: UnsafeMutableBufferPointer<Scalar>, range: Range<Int>? = nil, geometry: WeightGeometry, seed: UInt64,
    name: String, threads: Int = 1
  ) throws(RuleError) {
    try fill(
      UnsafeMutableRawBufferPointer(values), as: Scalar.elementType, range: range, geometry: geometry, seed: seed,
      name: name, threads: threads)
  }

  /// The same for storage whose element type is known at run time only. `bytes` must be aligned for the type.
  public func fill(
    _ bytes: UnsafeMutableRawBufferPointer, as type: ElementType, range: Range<Int>? = nil, geometry: WeightGeometry,
    seed: UInt64, name: String, threads: Int = 1
  ) throws(RuleError) {
    try check(geometry, name: name)
    let subject = name.isEmpty ? self.name.rawValue : name
    let count = geometry.elementCount
    let range = range ?? 0..<count
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw RuleError(
        .range, subject,
        "elements \(range.lowerBound)..<\(range.upperBound) lie outside the \(count) of shape \(geometry.shape)")
    }
    guard bytes.count == range.count * type.byteCount else {
      throw RuleError(
        .range, subject,
        "the buffer holds \(bytes.count) bytes; \(range.count) elements of \(type.rawValue) take "
          + "\(range.count * type.byteCount)")
    }
    guard threads >= 1 else { throw RuleError(.parameter, subject, "\(threads) threads; expected at least 1") }
    guard let base = bytes.baseAddress, !range.isEmpty, geometry.rows > 0 else { return }
    let target = FillTarget(
      base: base, type: type, range: range, geometry: geometry, stream: RandomStream(seed: seed, name: name),
      threads: threads)
    weightRule.write(target)
  }

  /// All values of a weight, row-major as stored; rows outside a block are 0.
  public func values<Scalar: WeightScalar>(
    geometry: WeightGeometry, as: Scalar.Type = Float.self, seed: UInt64, name: String, threads: Int = 1
  ) throws(RuleError) -> [Scalar] {
    try check(geometry, name: name)
    var failure: RuleError?
    let values = [Scalar](unsafeUninitializedCapacity: geometry.elementCount) { buffer, count in
      let whole = UnsafeMutableBufferPointer(rebasing: buffer[..<geometry.elementCount])
      if geometry.selection != nil { whole.initialize(repeating: Scalar(rounding: 0)) }
      do throws(RuleError) {
        try fill(whole, geometry: geometry, seed: seed, name: name, threads: threads)
        count = whole.count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return values
  }
}

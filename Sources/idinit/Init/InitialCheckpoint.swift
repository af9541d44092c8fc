import IDInit
import ModelFiles

/// The tensors that a plan makes of a model: where the bytes of each come from, and in which type they are written.
struct InitialCheckpoint: Sendable {
  enum Source: Sendable {
    /// By the rule of the entry: of the plan, or in place of values that the model has not.
    case rule(InitializationPlan.Entry, replacesValues: Bool)
    /// As the model has it.
    case archive(StoredTensor)
    /// All elements alike.
    case constant(Double)
  }

  struct Tensor: Sendable {
    let name: String
    let shape: [Int]
    /// The element type in the model.
    let stored: TensorDType
    /// The element type in the checkpoint.
    let written: SafetensorsDType
    let source: Source
    let isParameter: Bool
    /// Number of elements.
    let count: Int

    /// The type that rules write and conversions give; nil where the stored bytes are taken as they are.
    var elementType: ElementType? { ElementType(written) }
    var byteCount: Int { count * (written.bitCount / 8) }
  }

  /// In the order of the model's state dictionary.
  let tensors: [Tensor]
  /// Bytes of all of them.
  let byteCount: Int
  /// Buffers without values whose module alone knows what they hold: not in the checkpoint.
  let omitted: [String]
  let program: ExportedProgram
  let plan: InitializationPlan

  /// Finds the source of every tensor.
  ///
  /// - Parameters:
  ///   - planned: The model and its plan.
  ///   - type: What floating-point tensors are written in; nil for the model's own types.
  ///   - withKept: Whether what has no rule is there too.
  /// - Throws: ``Failure`` where a tensor has values that cannot be read, a type that safetensors has not, or more
  ///   bytes than a file can have.
  init(_ planned: PlannedModel, as type: ElementType? = nil, withKept: Bool = true) throws {
    let defaults = BufferDefaults(planned.program.graph)
    var entries = [String: InitializationPlan.Entry]()
    for entry in planned.plan.entries { entries[entry.name] = entry }
    var tensors = [Tensor]()
    var omitted = [String]()
    var total = 0
    for stored in planned.program.tensors {
      let entry = entries[stored.name]
      if !withKept, entry?.rule == nil { continue }
      guard let source = try Self.source(of: stored, entry: entry, defaults: defaults, path: planned.program.path)
      else {
        omitted.append(stored.name)
        continue
      }
      let isConverted = type != nil && stored.dtype.isFloatingPoint
      let written = isConverted ? type.map(SafetensorsDType.init) : SafetensorsDType(stored.dtype)
      guard let written else {
        throw Failure.data(
          "\(planned.program.path): '\(stored.name)' holds \(stored.dtype.rawValue), which safetensors has not")
      }
      if case .rule = source, ElementType(written) == nil {
        throw Failure.data(
          "\(planned.program.path): '\(stored.name)' holds \(stored.dtype.rawValue), which no rule writes; "
            + (stored.dtype.isFloatingPoint ? "choose another type with --dtype, or " : "")
            + "keep it with --keep \(shellQuoted(stored.name))")
      }
      let (byteCount, overflow) = stored.count.multipliedReportingOverflow(by: written.bitCount / 8)
      let (sum, carry) = total.addingReportingOverflow(byteCount)
      guard !overflow, !carry else {
        throw Failure.data(
          "\(planned.program.path): '\(stored.name)', \(shapeText(stored.shape)), is more than any file can hold")
      }
      total = sum
      tensors.append(
        Tensor(
          name: stored.name, shape: stored.shape, stored: stored.dtype, written: written, source: source,
          isParameter: stored.kind == .parameter, count: stored.count))
    }
    self.tensors = tensors
    byteCount = total
    self.omitted = omitted
    program = planned.program
    plan = planned.plan
  }

  /// Where a tensor's bytes come from; nil for a buffer that nobody knows.
  private static func source(
    of stored: StoredTensor, entry: InitializationPlan.Entry?, defaults: BufferDefaults, path: String
  ) throws -> Source? {
    if let entry, entry.rule != nil { return .rule(entry, replacesValues: false) }
    switch stored.storage {
    case .values: return .archive(stored)
    case .unreadable(let reason):
      throw Failure.data(
        "\(path): '\(stored.name)' is kept, but its values cannot be read: \(reason); or write only what has a rule "
          + "(--without-kept)")
    case .none:
      if var entry, let rule = entry.ruleWithoutValues {
        entry.rule = rule
        return .rule(entry, replacesValues: true)
      }
      return defaults[stored.name].map(Source.constant)
    }
  }
}

extension InitialCheckpoint.Tensor {
  /// Whether its rule computes the whole tensor for any piece of it.
  var isMadeWhole: Bool {
    if case .rule(let entry, _) = source, case .orthogonal = entry.rule { true } else { false }
  }

  /// Whether it is kept, but the model has no values for it.
  var lacksValues: Bool {
    switch source {
    case .rule(_, let replacesValues): replacesValues
    case .constant: true
    case .archive: false
    }
  }
}

extension InitialCheckpoint {
  /// Makes elements of a tensor.
  ///
  /// - Parameters:
  ///   - tensor: One of this checkpoint's.
  ///   - type: The element type to make them in; the model's own where it is nil.
  ///   - range: Which elements, row-major.
  ///   - bytes: Room for just those.
  ///   - threads: How many threads may work at once.
  /// - Throws: ``RuleError``, ``ExportedProgramError`` or, for a conversion that there is not, ``Failure``.
  func fill(
    _ tensor: Tensor, as type: ElementType?, range: Range<Int>, into bytes: UnsafeMutableRawBufferPointer,
    threads: Int = 1
  ) throws {
    switch tensor.source {
    case .rule(let entry, _):
      guard let type = type ?? tensor.stored.elementType else { throw noConversion(tensor) }
      try plan.fill(entry, into: bytes, as: type, range: range, threads: threads)
    case .constant(let value): try fill(tensor, with: value, as: type, bytes)
    case .archive(let stored):
      guard let type, stored.dtype.elementType != type else {
        return try program.read(stored, range: range, into: bytes)
      }
      let source = UnsafeMutableRawBufferPointer.allocate(
        byteCount: range.count * stored.dtype.byteCount, alignment: 16)
      defer { source.deallocate() }
      try program.read(stored, range: range, into: source)
      guard convert(UnsafeRawBufferPointer(source), from: stored.dtype, to: bytes, type) else {
        throw noConversion(tensor)
      }
    }
  }

  /// Buffers without values: 0 has the same bytes in every type; another number is floating-point.
  private func fill(
    _ tensor: Tensor, with value: Double, as type: ElementType?, _ bytes: UnsafeMutableRawBufferPointer
  ) throws {
    if value == 0 {
      _ = bytes.initializeMemory(as: UInt8.self, repeating: 0)
      return
    }
    guard let type = type ?? tensor.stored.elementType else { throw noConversion(tensor) }
    try Rule.constant(ConstantRule(value)).fill(
      bytes, as: type, geometry: .elements(shape: [bytes.count / type.byteCount]), seed: 0, name: tensor.name)
  }

  private func noConversion(_ tensor: Tensor) -> Failure {
    Failure.data(
      "\(program.path): '\(tensor.name)' holds \(tensor.stored.rawValue), which cannot be written in another type")
  }
}

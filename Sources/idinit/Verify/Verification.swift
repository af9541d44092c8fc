import IDInit
import ModelFiles

/// A checkpoint against what a plan makes of its model, tensor by tensor.
struct Verification {
  enum Finding {
    /// As planned; whether something was there to compare with.
    case same(isCompared: Bool)
    /// Other values than planned.
    case values(TensorComparison)
    case missing
    case shape([Int])
    /// An element type that the rule does not write, or that holds no such numbers.
    case dtype(SafetensorsDType)
    /// A tensor that the model has not.
    case unexpected(SafetensorsEntry)
  }

  struct Line {
    let name: String
    let tensor: InitialCheckpoint.Tensor?
    let finding: Finding

    var isWrong: Bool { if case .same = finding { false } else { true } }
  }

  /// In the order of the model, unexpected tensors last.
  private(set) var lines: [Line] = []

  /// Makes every planned tensor piece by piece, in the file's type, and compares it with the file.
  ///
  /// - Parameters:
  ///   - file: The checkpoint.
  ///   - planned: What it should hold.
  ///   - isOurs: Whether the file says that this program wrote it: then kept parameters without values in the model
  ///     file must hold what it gives them, else they may hold anything.
  ///   - threads: How many threads make values.
  /// - Throws: ``SafetensorsError`` and ``ExportedProgramError`` where a file fails, ``RuleError`` for a rule that
  ///   does not fit.
  init(_ file: SafetensorsCheckpoint, against planned: InitialCheckpoint, isOurs: Bool, threads: Int) throws {
    let pieces = PieceBuffers(count: 2)
    var names = Set<String>()
    for tensor in planned.tensors {
      names.insert(tensor.name)
      let finding = try Self.finding(tensor, in: file, planned, isOurs: isOurs, pieces, threads: threads)
      lines.append(Line(name: tensor.name, tensor: tensor, finding: finding))
    }
    names.formUnion(planned.omitted)
    for entry in file.tensors where !names.contains(entry.name) {
      lines.append(Line(name: entry.name, tensor: nil, finding: .unexpected(entry)))
    }
  }

  private static func finding(
    _ tensor: InitialCheckpoint.Tensor, in file: SafetensorsCheckpoint, _ planned: InitialCheckpoint, isOurs: Bool,
    _ pieces: PieceBuffers, threads: Int
  ) throws -> Finding {
    guard let entry = file[tensor.name] else { return .missing }
    guard entry.shape == tensor.shape else { return .shape(entry.shape) }
    let type = ElementType(entry.dtype)
    if entry.dtype != tensor.written, type == nil || !tensor.stored.isFloatingPoint { return .dtype(entry.dtype) }
    if tensor.lacksValues, !isOurs { return .same(isCompared: false) }

    var comparison = TensorComparison(dtype: entry.dtype, tolerance: tensor.tolerance)
    let size = max(1, entry.dtype.bitCount / 8)
    if tensor.isMadeWhole {
      let whole = UnsafeMutableRawBufferPointer.allocate(byteCount: entry.byteCount, alignment: 64)
      defer { whole.deallocate() }
      try planned.fill(tensor, as: type, range: 0..<tensor.count, into: whole, threads: threads)
      try pieces.forEachPiece(of: entry.byteCount) { range, buffers in
        try file.read(entry.name, from: range.lowerBound, into: buffers[0])
        comparison.add(UnsafeRawBufferPointer(buffers[0]), UnsafeRawBufferPointer(rebasing: whole[range]))
      }
    } else {
      try pieces.forEachPiece(of: entry.byteCount) { range, buffers in
        try file.read(entry.name, from: range.lowerBound, into: buffers[0])
        let elements = range.lowerBound / size..<range.upperBound / size
        try planned.fill(tensor, as: type, range: elements, into: buffers[1], threads: threads)
        comparison.add(UnsafeRawBufferPointer(buffers[0]), UnsafeRawBufferPointer(buffers[1]))
      }
    }
    return comparison.differing > 0 ? .values(comparison) : .same(isCompared: true)
  }
}

extension InitialCheckpoint.Tensor {
  /// Orthogonal matrices are the same up to the rounding of the machine's own matrix products; all else is the same
  /// to the bit.
  fileprivate var tolerance: Double {
    guard case .rule(let entry, _) = source, case .orthogonal(let rule) = entry.rule else { return 0 }
    // Eight bits are the fraction of the coarsest type.
    let rounding = written == .bf16 || written == .f16 ? 0x1p-8 : 1e-4
    return rounding * max(1, abs(rule.gain))
  }
}

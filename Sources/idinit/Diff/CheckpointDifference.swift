import ModelFiles

/// How two checkpoints differ, tensor by tensor.
struct CheckpointDifference {
  enum Difference {
    case onlyInFirst(SafetensorsEntry)
    case onlyInSecond(SafetensorsEntry)
    case shape(SafetensorsEntry, SafetensorsEntry)
    case dtype(SafetensorsEntry, SafetensorsEntry)
    case values(SafetensorsEntry, TensorComparison)
  }

  let a: SafetensorsCheckpoint
  let b: SafetensorsCheckpoint
  /// By the tensors' names.
  private(set) var differences: [Difference] = []
  /// How many tensors both have.
  private(set) var common = 0
  /// How many elements those have that were compared.
  private(set) var compared = 0

  /// Compares all tensors; nothing is ever held of one but a piece.
  init(_ a: SafetensorsCheckpoint, _ b: SafetensorsCheckpoint) throws {
    self.a = a
    self.b = b
    let pieces = PieceBuffers(count: 2)
    let entries = (a.tensors + b.tensors.filter { a[$0.name] == nil }).sorted {
      $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    for entry in entries {
      guard let first = a[entry.name] else {
        differences.append(.onlyInSecond(entry))
        continue
      }
      guard let second = b[entry.name] else {
        differences.append(.onlyInFirst(entry))
        continue
      }
      common += 1
      if first.shape != second.shape {
        differences.append(.shape(first, second))
      } else if first.dtype != second.dtype {
        differences.append(.dtype(first, second))
      } else {
        var comparison = TensorComparison(dtype: first.dtype)
        try pieces.forEachPiece(of: first.byteCount) { range, buffers in
          try a.read(first.name, from: range.lowerBound, into: buffers[0])
          try b.read(first.name, from: range.lowerBound, into: buffers[1])
          comparison.add(UnsafeRawBufferPointer(buffers[0]), UnsafeRawBufferPointer(buffers[1]))
        }
        compared += comparison.count
        if comparison.differing > 0 { differences.append(.values(first, comparison)) }
      }
    }
  }
}

/// Buffers of one size that tensors are read through.
final class PieceBuffers {
  private static let byteCount = 1 << 20
  private let buffers: [UnsafeMutableRawBufferPointer]

  init(count: Int) {
    buffers = (0..<count).map { _ in .allocate(byteCount: Self.byteCount, alignment: 64) }
  }

  deinit { for buffer in buffers { buffer.deallocate() } }

  /// Calls `body` with each range of so many bytes and the buffers' parts of that size.
  func forEachPiece(
    of byteCount: Int, _ body: (Range<Int>, [UnsafeMutableRawBufferPointer]) throws -> Void
  ) throws {
    for start in stride(from: 0, to: byteCount, by: Self.byteCount) {
      let range = start..<min(start + Self.byteCount, byteCount)
      try body(range, buffers.map { UnsafeMutableRawBufferPointer(rebasing: $0[..<range.count]) })
    }
  }
}

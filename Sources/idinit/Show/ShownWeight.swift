import IDInit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A weight that is made piece by piece, so that its size does not matter.
struct ShownWeight {
  /// Its name, which picks its random stream and stands in the file.
  static let name = "weight"

  var rule: Rule
  var geometry: WeightGeometry
  var type: ElementType
  var seed: UInt64

  /// Makes the weight front to back and calls `body` with each piece: its range of elements, its bytes as stored,
  /// and the same numbers as doubles, exactly. Throws when a number does not fit the type.
  func forEachPiece(
    _ body: (Range<Int>, UnsafeRawBufferPointer, UnsafeBufferPointer<Double>) throws -> Void
  ) throws {
    let count = geometry.elementCount
    // The orthogonal rule computes its whole matrix for any piece.
    let pieceCount = if case .orthogonal = rule { count } else { min(count, 1 << 20) }
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceCount * type.byteCount, alignment: 64)
    let numbers = UnsafeMutableBufferPointer<Double>.allocate(capacity: pieceCount)
    defer {
      bytes.deallocate()
      numbers.deallocate()
    }
    let threads = count < 1 << 16 ? 1 : max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    for start in stride(from: 0, to: count, by: pieceCount) {
      let range = start..<min(start + pieceCount, count)
      let piece = UnsafeMutableRawBufferPointer(rebasing: bytes[..<(range.count * type.byteCount)])
      try rule.fill(
        piece, as: type, range: range, geometry: geometry, seed: seed, name: Self.name, threads: threads)
      switch type {
      case .float32: convert(piece, Float.self, numbers)
      case .float64: convert(piece, Double.self, numbers)
      case .float16: convert(piece, Half.self, numbers)
      case .bfloat16: convert(piece, BFloat16.self, numbers)
      }
      let values = UnsafeBufferPointer(rebasing: numbers[..<range.count])
      if let index = values.firstIndex(where: { !$0.isFinite }) {
        throw Failure.data(
          "the value at \(position(start + index)) is beyond what \(type.rawValue) holds (at most \(short(type.largest, digits: 5)))"
        )
      }
      try body(range, UnsafeRawBufferPointer(piece), values)
    }
  }

  private func convert<Scalar: WeightScalar>(
    _ bytes: UnsafeMutableRawBufferPointer, _: Scalar.Type, _ numbers: UnsafeMutableBufferPointer<Double>
  ) {
    for (index, value) in bytes.bindMemory(to: Scalar.self).enumerated() {
      numbers.initializeElement(at: index, to: value.asDouble)
    }
  }

  /// An element's indices: [3][1].
  private func position(_ offset: Int) -> String {
    var rest = offset
    var indices = [Int]()
    for size in geometry.shape.reversed() {
      indices.append(rest % size)
      rest /= size
    }
    return indices.reversed().map { "[\($0)]" }.joined()
  }

}

extension ElementType {
  /// The largest finite number.
  var largest: Double {
    switch self {
    case .float32: Double(Float.greatestFiniteMagnitude)
    case .float64: Double.greatestFiniteMagnitude
    case .float16: 65504
    case .bfloat16: Double(Float(bitPattern: 0x7F7F_0000))
    }
  }
}

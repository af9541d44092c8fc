import IDInit
import ModelFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Two tensors of one type and shape, compared piece by piece.
///
/// Elements are the same if their bits are: −0 is not 0, and a NaN is itself.
struct TensorComparison {
  let dtype: SafetensorsDType
  /// What two elements may differ by and still count as the same; 0 asks for the same bits.
  var tolerance = 0.0
  private(set) var count = 0
  private(set) var differing = 0
  /// The first differing element: its place in row-major order, and both values.
  private(set) var first: (index: Int, a: String, b: String)?
  /// The largest difference of two numbers; NaN aside.
  private(set) var largest = 0.0

  init(dtype: SafetensorsDType, tolerance: Double = 0) {
    self.dtype = dtype
    self.tolerance = tolerance
  }

  /// Compares the next elements; both pieces must have the same whole number of bytes.
  mutating func add(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) {
    let size = max(1, dtype.bitCount / 8)
    let elements = a.count / size
    defer { count += elements }
    guard let baseA = a.baseAddress, let baseB = b.baseAddress, memcmp(baseA, baseB, a.count) != 0 else { return }
    // Most of a piece is usually equal: whole blocks are passed over.
    let block = 64 * size
    for start in stride(from: 0, to: elements * size, by: block) {
      let end = min(start + block, elements * size)
      if memcmp(baseA + start, baseB + start, end - start) == 0 { continue }
      for offset in stride(from: start, to: end, by: size) where memcmp(baseA + offset, baseB + offset, size) != 0 {
        let (left, right) = (StoredValue(a, offset, dtype), StoredValue(b, offset, dtype))
        let distance = abs(left.number - right.number)
        if distance <= tolerance, tolerance > 0 { continue }
        differing += 1
        if !distance.isNaN { largest = max(largest, distance) }
        if first == nil { first = (count + offset / size, left.text, right.text) }
      }
    }
  }
}

/// An element as a number and as a text that gives it exactly.
private struct StoredValue {
  var number: Double
  var text: String

  init(_ bytes: UnsafeRawBufferPointer, _ offset: Int, _ dtype: SafetensorsDType) {
    func load<Value: BitwiseCopyable>(_: Value.Type) -> Value {
      bytes.loadUnaligned(fromByteOffset: offset, as: Value.self)
    }
    func integer<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type) -> (Double, String) {
      let value = load(Value.self)
      return (Double(value), "\(value)")
    }
    func float(_ value: Float) -> (Double, String) { (Double(value), plain("\(value)")) }
    switch dtype {
    case .f32: (number, text) = float(load(Float.self))
    case .f16: (number, text) = float(Half(bitPattern: load(UInt16.self)).float)
    case .bf16: (number, text) = float(BFloat16(bitPattern: load(UInt16.self)).float)
    case .f64:
      number = load(Double.self)
      text = plain("\(number)")
    case .i64: (number, text) = integer(Int64.self)
    case .i32: (number, text) = integer(Int32.self)
    case .i16: (number, text) = integer(Int16.self)
    case .i8: (number, text) = integer(Int8.self)
    case .u64: (number, text) = integer(UInt64.self)
    case .u32: (number, text) = integer(UInt32.self)
    case .u16: (number, text) = integer(UInt16.self)
    case .u8: (number, text) = integer(UInt8.self)
    case .bool: (number, text) = (Double(load(UInt8.self)), load(UInt8.self) == 0 ? "false" : "true")
    case .f8e5m2, .f8e4m3, .f8e8m0, .c64, .f4, .f6e2m3, .f6e3m2:
      // Shown by their bytes; how far they are apart is not said.
      number = .nan
      text = "0x" + (0..<max(1, dtype.bitCount / 8)).reversed().map { twoHexDigits(bytes[offset + $0]) }.joined()
    }
  }
}

/// 1 for 1.0.
private func plain(_ text: String) -> String { text.hasSuffix(".0") ? String(text.dropLast(2)) : text }

private func twoHexDigits(_ byte: UInt8) -> String {
  let text = String(byte, radix: 16)
  return text.utf8.count == 1 ? "0" + text : text
}

extension TensorComparison {
  /// What differs, on one line.
  ///
  /// - Parameters:
  ///   - shape: The tensor's.
  ///   - words: What stands before the values.
  /// - Returns: `3 of 64 values differ, by at most 0.25; the first at [0, 1, 3]: 1, 0.75`; nil where none does.
  func text(shape: [Int], _ words: (a: String, b: String)) -> String? {
    guard let first else { return nil }
    let amount = largest > 0 ? ", by at most \(short(largest, digits: 3))" : ""
    let verb = differing == 1 ? "differs" : "differ"
    return "\(grouped(differing)) of \(counted(count, "value")) \(verb)\(amount); "
      + "the first at \(place(first.index, in: shape)): \(words.a)\(first.a), \(words.b)\(first.b)"
  }
}

/// An element's indices, as NumPy takes them: [3, 1].
func place(_ index: Int, in shape: [Int]) -> String {
  var rest = index
  var indices = [Int]()
  for size in shape.reversed() where size > 0 {
    indices.append(rest % size)
    rest /= size
  }
  return "[\(indices.reversed().map(String.init).joined(separator: ", "))]"
}

/// A weight's shape as people write it: 6x4, 8x2x3x3, 6×4.
struct Shape: Equatable {
  var sizes: [Int]

  /// Largest number of axes that any layer's weight has: a 3-D convolution's.
  static let maximumAxes = 5
  /// 2^40 values: 4 TB of float32. Above that it is a slip of the keyboard.
  static let maximumCount = 1 << 40

  init(_ text: String) throws {
    let parts = text.split(omittingEmptySubsequences: false) { "xX×".contains($0) }
    let sizes = try parts.map { part -> Int in
      if let size = Int(part), part.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) {
        if size == 0 { throw Failure.usage("shape '\(text)': an axis of size 0 holds no values; sizes start at 1") }
        return size
      }
      if part.hasPrefix("-"), Int(part) != nil {
        throw Failure.usage("shape '\(text)': the size \(part) is negative; sizes start at 1")
      }
      if !part.isEmpty, part.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) {
        throw Failure.usage("shape '\(text)': the size \(part) is too large")
      }
      throw Failure.usage("shape '\(text)': expected sizes with x between them, as in 6x4 or 8x2x3x3")
    }
    if sizes.count > Self.maximumAxes {
      throw Failure.usage(
        "shape '\(text)' has \(sizes.count) axes; a layer's weight has at most \(Self.maximumAxes) "
          + "(outputs x inputs x depth x height x width)")
    }
    var count = 1
    for size in sizes {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow || product > Self.maximumCount {
        throw Failure.usage("shape '\(text)' has more than 2^40 values")
      }
      count = product
    }
    self.sizes = sizes
  }

  /// 6×4
  var text: String { sizes.map(String.init).joined(separator: "×") }
}

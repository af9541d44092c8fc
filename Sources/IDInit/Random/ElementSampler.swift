/// A rule that treats every element alike: a function from (stream, index) to a value.
protocol ElementSampler: Sendable {
  /// Writes whole groups of ``PhiloxKernel/groupSize`` values.
  func floats(_ out: UnsafeMutableRawPointer, groups: Int, firstGroup: Int, _ stream: RandomStream)
  func doubles(_ out: UnsafeMutableRawPointer, groups: Int, firstGroup: Int, _ stream: RandomStream)
}

extension ElementSampler {
  /// Writes the values of `elements` to `out`, which holds just those, in the type `type`. The bits of an element do
  /// not depend on where the range starts or ends.
  func write(
    _ out: UnsafeMutableRawPointer, as type: ElementType, _ elements: Range<Int>, _ stream: RandomStream
  ) {
    switch type {
    case .float32: pieces(of: elements, out, stride: 4) { floats($0, groups: $1, firstGroup: $2, stream) }
    case .float64: pieces(of: elements, out, stride: 8) { doubles($0, groups: $1, firstGroup: $2, stream) }
    case .float16:
      pieces(of: elements, out, stride: 2) { narrow($0, groups: $1, firstGroup: $2, stream) { Half($0).bitPattern } }
    case .bfloat16:
      pieces(of: elements, out, stride: 2) {
        narrow($0, groups: $1, firstGroup: $2, stream) { BFloat16($0).bitPattern }
      }
    }
  }

  /// Cuts `elements` into whole groups, written in place, and broken groups at the ends, which go through a copy.
  @inline(__always)
  private func pieces(
    of elements: Range<Int>, _ out: UnsafeMutableRawPointer, stride: Int,
    _ write: (UnsafeMutableRawPointer, _ groups: Int, _ firstGroup: Int) -> Void
  ) {
    let size = PhiloxKernel.groupSize
    // 2,048 values at a time stay in the first-level cache between the generator and the transformation.
    let most = 128
    var index = elements.lowerBound
    while index < elements.upperBound {
      let (group, skipped) = index.quotientAndRemainder(dividingBy: size)
      let whole = min((elements.upperBound - index) / size, most)
      let place = out + (index - elements.lowerBound) * stride
      if skipped == 0, whole > 0 {
        write(place, whole, group)
        index += whole * size
      } else {
        let count = min(size - skipped, elements.upperBound - index)
        withUnsafeTemporaryAllocation(byteCount: size * stride, alignment: 16) { copy in
          guard let base = copy.baseAddress else { return }
          write(base, 1, group)
          place.copyMemory(from: base + skipped * stride, byteCount: count * stride)
        }
        index += count
      }
    }
  }

  @inline(__always)
  private func narrow(
    _ out: UnsafeMutableRawPointer, groups: Int, firstGroup: Int, _ stream: RandomStream,
    _ round: (Float) -> UInt16
  ) {
    let count = groups * PhiloxKernel.groupSize
    withUnsafeTemporaryAllocation(byteCount: count * 4, alignment: 16) { wide in
      guard let base = wide.baseAddress else { return }
      floats(base, groups: groups, firstGroup: firstGroup, stream)
      for index in 0..<count {
        let value = base.load(fromByteOffset: index &* 4, as: Float.self)
        out.storeBytes(of: round(value), toByteOffset: index &* 2, as: UInt16.self)
      }
    }
  }
}

/// The same value everywhere.
struct ConstantSampler: ElementSampler {
  var value: Double

  func floats(_ out: UnsafeMutableRawPointer, groups: Int, firstGroup: Int, _ stream: RandomStream) {
    let single = Float(value)
    for index in 0..<(groups * PhiloxKernel.groupSize) {
      out.storeBytes(of: single, toByteOffset: index &* 4, as: Float.self)
    }
  }

  func doubles(_ out: UnsafeMutableRawPointer, groups: Int, firstGroup: Int, _ stream: RandomStream) {
    for index in 0..<(groups * PhiloxKernel.groupSize) {
      out.storeBytes(of: value, toByteOffset: index &* 8, as: Double.self)
    }
  }
}

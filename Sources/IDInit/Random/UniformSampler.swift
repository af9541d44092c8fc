/// The uniform distribution on (low, high).
///
/// A word, read as a signed number n, becomes middle + half · (n + ½)·2⁻³¹: symmetric about the middle, 2³² steps.
/// In single precision the outermost steps round to the bounds themselves.
struct UniformSampler: ElementSampler {
  var middle: Double
  var half: Double

  init(low: Double, high: Double) {
    middle = low + (high - low) / 2
    half = (high - low) / 2
  }

  init(bound: Double) {
    middle = 0
    half = bound
  }

  static func symmetric(_ word: UInt32) -> Double {
    (Double(Int32(bitPattern: word)) + 0.5) * 0x1p-31
  }

  func floats(_ out: UnsafeMutableRawPointer, groups: Int, firstGroup: Int, _ stream: RandomStream) {
    PhiloxKernel.fill(out, groups: groups, firstBlock: UInt64(firstGroup) &* 4, stream: stream)
    let scale = SIMD4<Float>(repeating: Float(half * 0x1p-31))
    let middle = SIMD4<Float>(repeating: Float(self.middle))
    let center = SIMD4<Float>(repeating: 0.5)
    for index in 0..<(groups &* 4) {
      let words = out.loadUnaligned(fromByteOffset: index &* 16, as: SIMD4<Int32>.self)
      let values = (SIMD4<Float>(words) + center) * scale + middle
      out.storeBytes(of: values, toByteOffset: index &* 16, as: SIMD4<Float>.self)
    }
  }

  func doubles(_ out: UnsafeMutableRawPointer, groups: Int, firstGroup: Int, _ stream: RandomStream) {
    // The words go to the upper half of the output, and are read before a value is written over them.
    let count = groups &* PhiloxKernel.groupSize
    let words = out + count &* 4
    PhiloxKernel.fill(words, groups: groups, firstBlock: UInt64(firstGroup) &* 4, stream: stream)
    for index in 0..<count {
      let word = words.load(fromByteOffset: index &* 4, as: UInt32.self)
      out.storeBytes(of: middle + half * Self.symmetric(word), toByteOffset: index &* 8, as: Double.self)
    }
  }
}

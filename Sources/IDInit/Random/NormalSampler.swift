/// The normal distribution.
struct NormalSampler: ElementSampler {
  var mean: Double
  var std: Double

  func floats(_ out: UnsafeMutableRawPointer, groups: Int, firstGroup: Int, _ stream: RandomStream) {
    PhiloxKernel.fill(out, groups: groups, firstBlock: UInt64(firstGroup) &* 4, stream: stream)
    BoxMuller.transform(out, octets: groups &* 2, mean: Float(mean), std: Float(std))
  }

  func doubles(_ out: UnsafeMutableRawPointer, groups: Int, firstGroup: Int, _ stream: RandomStream) {
    for group in 0..<groups {
      let place = out + group &* (PhiloxKernel.groupSize * 8)
      for lane in 0..<4 {
        let words = stream.block(UInt64(firstGroup &+ group) &* 4 &+ UInt64(lane))
        let (z0, z1) = BoxMuller.pair(words.x, words.y)
        let (z2, z3) = BoxMuller.pair(words.z, words.w)
        place.storeBytes(of: z0 * std + mean, toByteOffset: lane &* 8, as: Double.self)
        place.storeBytes(of: z1 * std + mean, toByteOffset: lane &* 8 &+ 32, as: Double.self)
        place.storeBytes(of: z2 * std + mean, toByteOffset: lane &* 8 &+ 64, as: Double.self)
        place.storeBytes(of: z3 * std + mean, toByteOffset: lane &* 8 &+ 96, as: Double.self)
      }
    }
  }
}

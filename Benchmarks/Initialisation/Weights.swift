import Foundation
import IDInit

/// Buffers for all shapes, one a weight as a framework would have them; every page is touched before the first
/// measurement.
struct Weights {
  let buffers: [UnsafeMutableBufferPointer<Float>]
  let geometries: [WeightGeometry]

  init(_ shapes: [(out: Int, in: Int)]) {
    geometries = shapes.map { .linear(out: $0.out, in: $0.in) }
    buffers = geometries.map {
      let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: $0.elementCount)
      buffer.initialize(repeating: 1)
      return buffer
    }
  }

  func free() { for buffer in buffers { buffer.deallocate() } }

  func fill(_ rule: Rule, threads: Int) throws {
    for (index, buffer) in buffers.enumerated() {
      try rule.fill(buffer, geometry: geometries[index], seed: 0, name: "layer.\(index).weight", threads: threads)
    }
  }

  /// The C library's memset over the same bytes, on one thread or with each buffer cut for several.
  func memset(threads: Int) {
    for buffer in buffers {
      guard let base = buffer.baseAddress else { continue }
      // The pieces are disjoint.
      nonisolated(unsafe) let bytes = UnsafeMutableRawPointer(base)
      let count = buffer.count * 4
      guard threads > 1, count > 1 << 20 else {
        Foundation.memset(bytes, 0, count)
        continue
      }
      let piece = (count / threads + 4095) / 4096 * 4096
      DispatchQueue.concurrentPerform(iterations: threads) { index in
        let start = index * piece
        if start < count { Foundation.memset(bytes + start, 0, min(piece, count - start)) }
      }
    }
  }
}

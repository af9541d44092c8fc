import Foundation
import IDInit

/// A large sample of the normal deviates against the normal distribution: moments, tails, and the greatest distance
/// of the distribution functions on a grid.
struct Draws {
  var count = 100_000_000

  func run() {
    let stream = RandomStream(seed: 0, name: "draws")
    let chunk = 1 << 20
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: chunk)
    defer { buffer.deallocate() }
    // Power sums, and a histogram from −8 to 8 in steps of 1/64.
    var sums = [Double](repeating: 0, count: 7)
    var histogram = [Int](repeating: 0, count: 1025)
    var tails = [Int](repeating: 0, count: 8)
    var most: Float = 0
    var done = 0
    while done < count {
      let size = min(chunk, count - done)
      stream.fillNormal(UnsafeMutableBufferPointer(rebasing: buffer[..<size]), from: done)
      var part = (0.0, 0.0, 0.0, 0.0, 0.0)
      for value in buffer[..<size] {
        let z = Double(value)
        let square = z * z
        part.0 += z
        part.1 += square
        part.2 += square * z
        part.3 += square * square
        part.4 += square * square * square
        let bin = Int((z + 8) * 64)
        if histogram.indices.contains(bin) { histogram[bin] += 1 }
        let size = value.magnitude
        if size > 1 { tails[min(7, Int(size))] += 1 }
        if size > most { most = size }
      }
      sums[1] += part.0
      sums[2] += part.1
      sums[3] += part.2
      sums[4] += part.3
      sums[6] += part.4
      done += size
    }

    let n = Double(count)
    print("\(count) standard normal deviates in single precision")
    print("moment   value            expected   distance in standard errors")
    // Variances of z, z², z³, z⁴, z⁶ under the normal distribution.
    for (power, expected, variance) in [(1, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96), (6, 15, 10170)] {
      let value = sums[power] / n
      let distance = (value - expected) / (variance / n).squareRoot()
      print(
        "E z^\(power)    " + String(format: "%+.7f", value) + String(repeating: " ", count: 7)
          + String(format: "%-10g", expected) + String(format: " %+.2f", distance))
    }
    print("tail          count         expected       distance in standard errors")
    for bound in 2...6 {
      let seen = Double(tails[bound...].reduce(0, +))
      let expected = n * erfc(Double(bound) / 2.0.squareRoot())
      print(
        "P(|z| > \(bound))    " + String(format: "%-13.0f %-14.1f", seen, expected)
          + String(format: " %+.2f", (seen - expected) / max(expected, 1e-9).squareRoot()))
    }
    var below = 0
    var distance = 0.0
    for bin in 0..<1024 {
      below += histogram[bin]
      let edge = Double(bin + 1) / 64 - 8
      distance = max(distance, abs(Double(below) / n - 0.5 * erfc(-edge / 2.0.squareRoot())))
    }
    print(
      String(
        format: "Kolmogorov-Smirnov distance on a grid of 1/64: %.2e, times root n %.3f (5 %% level 1.358)", distance,
        distance * n.squareRoot()))
    print(String(format: "greatest |z| %.3f", most))
  }
}

import Datasets
import IDInit

/// A made-up classification problem in MNIST's format, for tests and smoke runs that need no files: ten fixed random
/// patterns under noise.
enum SyntheticDigits {
  static let side = 28

  /// 600 training and 200 test images, always the same.
  static func make() throws -> ImageDataset {
    var patterns: [[UInt8]] = []
    var numbers = StreamNumbers(RandomStream(seed: 0, name: "synthetic/patterns"))
    for _ in 0..<10 { patterns.append((0..<side * side).map { _ in numbers.next() & 7 == 0 ? 200 : 0 }) }
    func part(_ name: String, count: Int) throws -> LabeledImages {
      var noise = StreamNumbers(RandomStream(seed: 0, name: "synthetic/\(name)"))
      var images: [UInt8] = []
      images.reserveCapacity(count * side * side)
      for index in 0..<count {
        for pixel in patterns[index % 10] { images.append(pixel / 2 + UInt8(truncatingIfNeeded: noise.next() & 127)) }
      }
      return try LabeledImages(
        name: "synthetic \(name)", images: images, labels: (0..<count).map { UInt8($0 % 10) }, channels: 1,
        height: side, width: side, classCount: 10)
    }
    return try ImageDataset(
      name: "synthetic", train: part("train", count: 600), test: part("test", count: 200), location: "made here",
      note: "ten random patterns under noise: for tests, not for results")
  }
}

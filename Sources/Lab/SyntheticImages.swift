import Datasets
import IDInit

/// A made-up classification problem in CIFAR-10's format, for tests and smoke runs that need no files: stripes of one
/// of five colours that lie or stand, under noise.
///
/// Colour and direction stay what they are when an image is cropped and shifted, mirrored or averaged over its area, so
/// that it can be learned with the usual augmentation and by a network that ends in an average over the image.
enum SyntheticImages {
  static let side = CIFAR10.side
  /// Rows or columns of one stripe; a bright and a dark one follow each other.
  private static let stripe = 4
  private static let colours: [[UInt8]] = [
    [240, 40, 40], [40, 240, 40], [40, 40, 240], [220, 220, 40], [40, 220, 220],
  ]

  /// 200 training and 100 test images of 3 × 32 × 32 in ten classes, always the same, named `synthetic-colour`.
  static func colour() throws -> ImageDataset {
    try ImageDataset(
      name: "synthetic-colour", train: part("train", count: 200), test: part("test", count: 100),
      location: "made here", note: "ten kinds of coloured stripes under noise: for tests, not for results")
  }

  private static func part(_ name: String, count: Int) throws -> LabeledImages {
    var numbers = StreamNumbers(RandomStream(seed: 0, name: "synthetic-colour/\(name)"))
    var images: [UInt8] = []
    images.reserveCapacity(count * CIFAR10.channels * side * side)
    for index in 0..<count {
      let label = index % 10
      // Where the stripes begin differs from image to image.
      let shift = Int(numbers.next() % UInt32(2 * stripe))
      for bright in colours[label % colours.count] {
        for row in 0..<side {
          for column in 0..<side {
            let position = (label < colours.count ? row : column) + shift
            let pixel = position / stripe % 2 == 0 ? bright : bright / 4
            images.append(pixel / 2 + UInt8(truncatingIfNeeded: numbers.next() & 127))
          }
        }
      }
    }
    return try LabeledImages(
      name: "synthetic-colour \(name)", images: images, labels: (0..<count).map { UInt8($0 % 10) },
      channels: CIFAR10.channels, height: side, width: side, classCount: 10)
  }
}

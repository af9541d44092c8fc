import Datasets
import Testing
import Torch

@testable import Lab

@Suite struct SyntheticImagesTests {
  @Test func itIsAlwaysTheSameAndBalanced() throws {
    let set = try SyntheticImages.colour()
    #expect(set.name == "synthetic-colour")
    #expect((set.train.count, set.train.channels, set.train.height, set.train.width) == (200, 3, 32, 32))
    #expect(set.train.countsPerClass == [Int](repeating: 20, count: 10))
    #expect(set.test.countsPerClass == [Int](repeating: 10, count: 10))
    #expect(try SyntheticImages.colour().train.digest == set.train.digest)
    let found = try #require(try DataShelf().dataset("synthetic-colour", folder: nil) as? ImageDataset)
    #expect(found.test.digest == set.test.digest)
    // Pinned: smoke runs are compared with each other.
    #expect(set.train.digest == "eb895f57699b00120a67cf7c798a008b1f0a9a626377a62bebcf86a634bf4eeb")
    #expect(set.test.digest == "9cda0ae05162de7755c70f7b829ff10fadf2e983aafc7400506fa06c3a4e6158")
  }

  /// The made-up digits are those that published runs name.
  @Test func theDigitsAreWhatTheyWere() throws {
    let set = try SyntheticDigits.make()
    #expect(set.train.digest == "f7407d4315255d6697b3d2060db4e1e25b23c9ccefdceb853753f1d243f7ba19")
  }

  /// The nearest of the five mean colours, and whether rows or columns differ: what a network with an average at its end
  /// can see of an image, mirrored and shifted or not.
  @Test func itCanBeLearned() throws {
    let set = try SyntheticImages.colour()
    let centres = (0..<5).map { colour in
      let ofColour = (0..<set.train.count).filter { Int(set.train.labels[$0]) % 5 == colour }
        .map { channelMeans(set.train, $0) }
      return (0..<3).map { channel in ofColour.reduce(0) { $0 + $1[channel] } / Double(ofColour.count) }
    }
    for image in 0..<set.test.count {
      let found = channelMeans(set.test, image)
      let distances = centres.map { zip($0, found).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
      #expect(distances.firstIndex(of: distances.min() ?? 0) == Int(set.test.labels[image]) % 5)
      let lies = deviation(lineMeans(set.test, image, rows: true)) > deviation(lineMeans(set.test, image, rows: false))
      #expect(lies == (set.test.labels[image] < 5))
    }
  }

  private func pixels(_ images: LabeledImages, _ index: Int) -> [Double] {
    images.images[index * images.pixelsPerImage..<(index + 1) * images.pixelsPerImage].map { Double($0) }
  }

  private func channelMeans(_ images: LabeledImages, _ index: Int) -> [Double] {
    let (all, plane) = (pixels(images, index), images.height * images.width)
    return (0..<3).map { all[$0 * plane..<($0 + 1) * plane].reduce(0, +) / Double(plane) }
  }

  /// Of each row (or column), over all its pixels and channels.
  private func lineMeans(_ images: LabeledImages, _ index: Int, rows: Bool) -> [Double] {
    let side = SyntheticImages.side
    var sums = [Double](repeating: 0, count: side)
    for (place, pixel) in pixels(images, index).enumerated() {
      sums[rows ? place / side % side : place % side] += pixel
    }
    return sums.map { $0 / Double(3 * side) }
  }

  private func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }
}

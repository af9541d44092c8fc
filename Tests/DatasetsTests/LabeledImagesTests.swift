import Testing

@testable import Datasets

@Suite struct LabeledImagesTests {
  private func pair(
    _ images: [UInt8] = [0, 255, 51, 102, 0, 0, 0, 0], _ labels: [UInt8] = [1, 0]
  ) throws(DatasetError) -> LabeledImages {
    try LabeledImages(
      name: "pair", images: images, labels: labels, channels: 2, height: 1, width: 2, classCount: 2)
  }

  @Test func statisticsAreThoseOfEachChannel() throws {
    let (mean, deviation) = try pair().channelStatistics
    // Channel 0 holds 0, 255, 0, 0; channel 1 holds 51, 102, 0, 0.
    #expect(abs(mean[0] - 0.25) < 1e-15 && abs(mean[1] - 0.15) < 1e-15)
    #expect(abs(deviation[0] - 0.1875.squareRoot()) < 1e-15 && abs(deviation[1] - 0.0275.squareRoot()) < 1e-15)
  }

  @Test func theDigestIsThatOfTheContent() throws {
    // printf 'uint8 2x2x1x2 classes 2\n\000\377\063\146\000\000\000\000\001\000' | sha256sum
    #expect(try pair().digest == "f56e4457d3d146932f44b04b0d62111cedc9e855f7d305d9fa6099a6bbd43f1b")
    #expect(try pair([0, 255, 51, 102, 0, 0, 0, 1]).digest != pair().digest)
    #expect(try pair([0, 255, 51, 102, 0, 0, 0, 0], [0, 1]).digest != pair().digest)
  }

  @Test func contradictionsAreErrors() throws {
    let short = try #require(throws: DatasetError.self) { try pair([0, 255, 51]) }
    #expect(short.description == "pair: 3 bytes of pixels for 2 labels; expected 2 × 2×1×2 bytes")
    let high = try #require(throws: DatasetError.self) { try pair([0, 255, 51, 102, 0, 0, 0, 0], [1, 2]) }
    #expect(high.description == "pair, label 1: class 2; expected a class from 0 to 1")
    let none = try #require(throws: DatasetError.self) { try pair([], []) }
    #expect(none.description == "pair: no images; expected at least one")
    #expect(throws: DatasetError.self) {
      try LabeledImages(
        name: "huge", images: [1], labels: [0], channels: .max, height: 3, width: 2, classCount: 1)
    }
  }

  @Test func selectsInTheGivenOrder() throws {
    let swapped = try pair().selecting([1, 0, 0], name: "three")
    #expect(swapped.labels == [0, 1, 1])
    #expect(swapped.images == [0, 0, 0, 0, 0, 255, 51, 102, 0, 255, 51, 102])
    #expect(throws: DatasetError.self) { try pair().selecting([2], name: "outside") }
    #expect(throws: DatasetError.self) { try pair().selecting([], name: "none") }
  }
}

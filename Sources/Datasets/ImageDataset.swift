/// A data set of labelled images as experiments use it: what to train on, what to test on, and where it came from.
public struct ImageDataset: Sendable {
  /// `mnist` (the full set), `mnist-5k` (the 5,000 digits) or `cifar10` (in full or a subset, as `note` says).
  public let name: String
  /// The images to train on.
  public let train: LabeledImages
  /// The images to test with.
  public let test: LabeledImages
  /// The folder or file that it was read from.
  public let location: String
  /// One line for people: what this is, and in what it differs from what its name promises.
  public let note: String
  /// Whether it is the whole official set, pixel for pixel, as its digests say. A part of it is not, nor is a copy of its
  /// images that was compressed in between; a set without an official form never is.
  public let isOfficial: Bool

  /// - Throws: `DatasetError` when the two parts differ in the shape of their images or in their classes.
  public init(
    name: String, train: LabeledImages, test: LabeledImages, location: String, note: String, isOfficial: Bool = false
  ) throws(DatasetError) {
    guard
      (train.channels, train.height, train.width, train.classCount)
        == (test.channels, test.height, test.width, test.classCount)
    else {
      throw DatasetError(
        .mismatch, file: location,
        problem: "test images of \(test.channels)×\(test.height)×\(test.width) in \(test.classCount) classes",
        expected: "\(train.channels)×\(train.height)×\(train.width) in \(train.classCount), as in training")
    }
    self.name = name
    self.train = train
    self.test = test
    self.location = location
    self.note = note
    self.isOfficial = isOfficial
  }
}

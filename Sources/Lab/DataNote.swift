/// What a run's `environment.json` says of its data, as far as results depend on it.
public struct DataNote: Hashable, Sendable {
  /// The digests of the images and labels to train on and to test with; nil where the record has none.
  public var trainSHA256: String?
  /// The digest of what is tested with; nil where the record has none.
  public var testSHA256: String?
  /// Whether it was the whole official set; nil in the records of programs that did not note it.
  public var isOfficial: Bool?

  /// A note of these parts.
  public init(trainSHA256: String?, testSHA256: String?, isOfficial: Bool? = nil) {
    self.trainSHA256 = trainSHA256
    self.testSHA256 = testSHA256
    self.isOfficial = isOfficial
  }

  /// - Parameter noted: The member `data` of `environment.json`.
  init(_ noted: JSONValue) {
    self.init(
      trainSHA256: noted["trainSHA256"]?.text, testSHA256: noted["testSHA256"]?.text,
      isOfficial: noted["official"]?.boolean)
  }

  /// Whether both are of the same images, whatever else is known of them.
  public func hasSameContent(as other: DataNote) -> Bool {
    (trainSHA256, testSHA256) == (other.trainSHA256, other.testSHA256)
  }
}

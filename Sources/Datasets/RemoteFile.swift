/// A file to download, pinned: whoever serves it, only these very bytes are accepted.
public struct RemoteFile: Sendable, Hashable {
  /// The name that it is kept under.
  public let name: String
  /// In the order in which they are tried.
  public let urls: [String]
  /// Its size.
  public let byteCount: Int
  /// SHA-256 of the file as it is served, lower-case hexadecimal.
  public let sha256: String
  /// SHA-256 of what it unpacks to, and how many bytes that is; `nil` for a file that is not packed.
  public let unpacked: Content?

  /// What a file holds: so many bytes, and which.
  public struct Content: Sendable, Hashable {
    /// Its size.
    public let byteCount: Int
    /// Lower-case hexadecimal.
    public let sha256: String

    /// Bytes of this number and digest.
    public init(byteCount: Int, sha256: String) {
      self.byteCount = byteCount
      self.sha256 = sha256
    }

    /// Checks the bytes of a file on disk, as they are stored.
    ///
    /// - Throws: `corrupt` (or `truncated`) with what differs; what `ByteStream` throws when it cannot be read.
    func verify(_ file: String, what: String) throws(DatasetError) {
      let stored = try ByteStream(file: file, unpacking: false)
      guard stored.storedSize == byteCount else {
        throw DatasetError(
          stored.storedSize < byteCount ? .truncated : .corrupt, file: file,
          problem: "it has \(stored.storedSize) bytes", expected: "\(byteCount)")
      }
      try RemoteFile.compare(try stored.digest(ofUpTo: byteCount), with: sha256, file: file, what: what)
    }
  }

  /// A file to download, by its places and what it must be.
  public init(name: String, urls: [String], byteCount: Int, sha256: String, unpacked: Content?) {
    self.name = name
    self.urls = urls
    self.byteCount = byteCount
    self.sha256 = sha256
    self.unpacked = unpacked
  }

  /// Checks a file on disk against the pins.
  ///
  /// - Throws: `corrupt` (or `truncated`) with what differs; what `ByteStream` throws when it cannot be read.
  func verify(_ file: String) throws(DatasetError) {
    try Content(byteCount: byteCount, sha256: sha256).verify(file, what: "the file")
    guard let unpacked else { return }
    let stream = try ByteStream(file: file)
    try Self.compare(
      try stream.digest(ofUpTo: unpacked.byteCount), with: unpacked.sha256, file: file, what: "the unpacked file")
    try stream.requireEnd(after: "\(unpacked.byteCount) bytes")
  }

  static func compare(
    _ found: String, with expected: String, file: String, what: String
  ) throws(DatasetError) {
    guard found == expected else {
      throw DatasetError(.corrupt, file: file, problem: "the SHA-256 of \(what) is \(found)", expected: expected)
    }
  }
}

extension MNIST {
  /// The four official files, as two mirrors serve them: PyTorch's (torchvision downloads from it) and that of the
  /// Common Visual Data Foundation (TensorFlow Datasets does). The SHA-256 of the packed files are those that TensorFlow
  /// Datasets pins.
  public static let remoteFiles: [RemoteFile] = [
    remoteFile(
      .trainImages, 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
      47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    remoteFile(
      .trainLabels, 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
      60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    remoteFile(
      .testImages, 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
      7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    remoteFile(
      .testLabels, 4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
      10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
  ]

  private static let mirrors = [
    "https://ossci-datasets.s3.amazonaws.com/mnist", "https://storage.googleapis.com/cvdf-datasets/mnist",
  ]

  private static func remoteFile(
    _ part: Part, _ byteCount: Int, _ sha256: String, _ unpackedByteCount: Int, _ unpackedSHA256: String
  ) -> RemoteFile {
    let name = "\(part.rawValue)-idx\(part.rank)-ubyte.gz"
    return RemoteFile(
      name: name, urls: mirrors.map { "\($0)/\(name)" }, byteCount: byteCount, sha256: sha256,
      unpacked: .init(byteCount: unpackedByteCount, sha256: unpackedSHA256))
  }
}

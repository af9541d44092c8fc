/// A gzipped tar archive to download, pinned, and the files in it that are kept.
public struct RemoteArchive: Sendable, Hashable {
  /// The archive itself.
  public let archive: RemoteFile
  /// The folder that the files have in the archive, and are kept in.
  public let folder: String
  /// All that is taken out of it, by name; the archive must have each of them once, with this very content.
  public let members: [Member]

  /// A file in the archive.
  public struct Member: Sendable, Hashable {
    /// Its name in the archive's folder.
    public let name: String
    /// What it holds.
    public let content: RemoteFile.Content

    /// A file of this name and content.
    public init(name: String, content: RemoteFile.Content) {
      self.name = name
      self.content = content
    }
  }

  /// An archive with the files of it that are wanted.
  public init(archive: RemoteFile, folder: String, members: [Member]) {
    self.archive = archive
    self.folder = folder
    self.members = members
  }
}

extension CIFAR10 {
  /// The official archive of the binary version, 170 MB, and its six batches.
  ///
  /// Its size and SHA-256 are those that TensorFlow Datasets pins; the page of the data set gives its MD5 alone,
  /// c32a1d4ab5d03f1284b67883e8d87530. It comes from the authors' university, at its old and its new address, or from
  /// the copy that Swift for TensorFlow used.
  public static let remoteArchive = RemoteArchive(
    archive: RemoteFile(
      name: "cifar-10-binary.tar.gz",
      urls: [
        "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
        "https://cave.cs.toronto.edu/kriz/cifar-10-binary.tar.gz",
        "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/cifar-10-binary.tar.gz",
      ],
      byteCount: 170_052_171, sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
      unpacked: nil),
    folder: "cifar-10-batches-bin",
    members: officialDigests.sorted { $0.key < $1.key }.map {
      .init(name: $0.key, content: .init(byteCount: 10_000 * CIFARBatch.recordSize, sha256: $0.value))
    })
}

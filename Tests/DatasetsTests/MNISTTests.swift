import Foundation
import Testing

@testable import Datasets

@Suite struct MNISTTests {
  @Test(.enabled(if: RealData.mnist != nil, "the full MNIST is not beside the package"))
  func theRealSetIsMNIST() throws {
    let set = try MNIST.load(from: try #require(RealData.mnist))
    #expect(set.train.count == 60_000 && set.test.count == 10_000)
    #expect((set.train.channels, set.train.height, set.train.width) == (1, 28, 28))
    #expect(set.train.countsPerClass == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    #expect(set.test.countsPerClass == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    // The values that everybody normalises with, to the digits that are usually given.
    let (mean, deviation) = set.train.channelStatistics
    #expect(abs(mean[0] - 0.1307) < 5e-5)
    #expect(abs(deviation[0] - 0.3081) < 5e-5)
    #expect(set.train.labels.prefix(10) == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    #expect(set.test.labels.prefix(10) == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    #expect(set.train.digest == MNIST.officialTrainDigest)
    #expect(set.test.digest == MNIST.officialTestDigest)
    #expect(set.note.contains("the official 60000 + 10000"))
    #expect(set.isOfficial)
  }

  @Test(arguments: [false, true])
  func readsFilesPackedOrNot(packed: Bool) throws {
    let scratch = try Scratch()
    try SmallMNIST().write(to: scratch, packed: packed)
    let set = try MNIST.load(from: scratch.path)
    #expect(set.train.images == Array(SmallMNIST.images(20).dropFirst(16)))
    #expect(set.test.labels == Array(SmallMNIST.labels(10).dropFirst(8)))
    #expect(set.note.contains("not the official files"))
    #expect(!set.isOfficial)
  }

  @Test(arguments: [".idx3-ubyte", ".idx3-ubyte.gz", "-idx3-ubyte", "-idx3-ubyte.gz"])
  func readsEveryUsualName(ending: String) throws {
    let scratch = try Scratch()
    try SmallMNIST().write(to: scratch)
    try scratch.remove("train-images-idx3-ubyte")
    let images = SmallMNIST.images(20)
    try scratch.write(ending.hasSuffix(".gz") ? Gzip.pack(images) : images, "train-images\(ending)")
    #expect(try MNIST.load(from: scratch.path).train.count == 20)
  }

  @Test func gzipMembersInARowAreOneFile() throws {
    let scratch = try Scratch()
    try SmallMNIST().write(to: scratch)
    try scratch.remove("train-images-idx3-ubyte")
    let images = SmallMNIST.images(20)
    try scratch.write(Gzip.pack(Array(images[..<700])) + Gzip.pack(Array(images[700...])), "train-images-idx3-ubyte.gz")
    #expect(try MNIST.load(from: scratch.path).train.images == Array(images.dropFirst(16)))
  }

  struct Spoilt: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let file: String
    let bytes: [UInt8]
    let kind: DatasetError.Kind
    /// All of these must be in the message.
    let says: [String]

    init(_ what: String, _ file: String, _ bytes: [UInt8], _ kind: DatasetError.Kind, _ says: String...) {
      (testDescription, self.file, self.bytes, self.kind, self.says) = (what, file, bytes, kind, says)
    }
  }

  static let images = SmallMNIST.images(20)
  static let labels = SmallMNIST.labels(20)
  static let tooHigh: [UInt8] = {
    var bytes = labels
    bytes[8 + 6] = 10
    return bytes
  }()
  static let packed = Gzip.pack(images)

  static let spoilt: [Spoilt] = [
    Spoilt(
      "wrong magic", "train-images-idx3-ubyte", [1, 2, 3, 4] + images.dropFirst(4), .malformed,
      "byte 0", "0x01020304", "0x00000803"),
    Spoilt(
      "labels under the name of images", "train-images-idx3-ubyte", labels, .malformed,
      "0x00000801", "a file of labels", "0x00000803"),
    Spoilt(
      "floats in an IDX file", "train-images-idx3-ubyte", [0, 0, 13, 3] + images.dropFirst(4), .malformed,
      "0x00000d03"),
    Spoilt(
      "more images claimed than there are", "train-images-idx3-ubyte", SmallMNIST.images(20, claimed: 21),
      .truncated, "21×28×28", "16480 bytes"),
    Spoilt(
      "fewer images claimed than there are", "train-images-idx3-ubyte", SmallMNIST.images(20, claimed: 19),
      .malformed, "19×28×28", "14912 bytes"),
    Spoilt(
      "more images claimed, packed", "train-images-idx3-ubyte.gz", Gzip.pack(SmallMNIST.images(20, claimed: 21)),
      .truncated, "784 more bytes"),
    Spoilt(
      "fewer images claimed, packed", "train-images-idx3-ubyte.gz", Gzip.pack(SmallMNIST.images(20, claimed: 19)),
      .malformed, "more after the end"),
    Spoilt(
      "a billion images claimed, packed", "train-images-idx3-ubyte.gz",
      Gzip.pack(SmallMNIST.images(20, claimed: 1_000_000_000)), .truncated, "too short", "784000000000"),
    Spoilt(
      "dimensions that overflow", "train-images-idx3-ubyte", [0, 0, 8, 3] + [UInt8](repeating: 255, count: 12),
      .malformed, "byte 8", "dimension 1 is 4294967295"),
    Spoilt("no images", "train-images-idx3-ubyte", SmallMNIST.images(0), .malformed, "byte 4", "at least 1"),
    Spoilt(
      "images of another size", "train-images-idx3-ubyte", SmallMNIST.images(20, side: 32), .malformed, "32×32",
      "28×28"),
    Spoilt(
      "fewer labels than images", "train-labels-idx1-ubyte", SmallMNIST.labels(19), .mismatch, "19 labels",
      "20, one for each image", "train-images-idx3-ubyte"),
    Spoilt(
      "a label over 9", "train-labels-idx1-ubyte", tooHigh, .malformed, "byte 14", "label 10 for image 6",
      "from 0 to 9"),
    Spoilt("a short file", "train-labels-idx1-ubyte", Array(labels.dropLast(3)), .truncated, "25 bytes", "28 bytes"),
    Spoilt(  // 49 · 218,934,409 · 859,764,727 = 2^63 − 1: only the header on top overflows
      "dimensions that nearly overflow", "train-images-idx3-ubyte",
      [0, 0, 8, 3, 0, 0, 0, 49, 13, 12, 172, 137, 51, 62, 247, 247], .malformed, "byte 12", "dimension 2 is 859764727"),
    Spoilt("a header cut off", "train-labels-idx1-ubyte", Array(labels.prefix(6)), .truncated, "dimension 0"),
    Spoilt("an empty file", "train-labels-idx1-ubyte", [], .truncated, "it is empty"),
    Spoilt(
      "gzip cut off", "train-images-idx3-ubyte.gz", Array(packed.dropLast(4000)), .truncated,
      "stop before their end"),
    Spoilt(
      "gzip without its last bytes", "train-images-idx3-ubyte.gz", Array(packed.dropLast(5)), .truncated,
      "stop before their end"),
    Spoilt(
      "gzip with a wrong CRC", "train-images-idx3-ubyte.gz", Gzip.pack(images, checksum: 7), .corrupt,
      "incorrect data check"),
    Spoilt(
      "gzip with a wrong length", "train-images-idx3-ubyte.gz", Gzip.pack(images, length: 7), .corrupt,
      "incorrect length check"),
    Spoilt("gzip with garbage behind it", "train-images-idx3-ubyte.gz", packed + [1, 2, 3], .malformed, "garbage"),
    Spoilt(
      "a gzip header and nothing else", "train-images-idx3-ubyte.gz", [0x1f, 0x8b], .truncated,
      "stop before their end"),
    Spoilt(
      "an unknown gzip method", "train-images-idx3-ubyte.gz", [0x1f, 0x8b, 9] + packed.dropFirst(3), .corrupt,
      "unknown compression method"),
    Spoilt(
      "a gzip bomb", "train-images-idx3-ubyte.gz",
      Gzip.bomb(prefix: Array(images.prefix(16)), repeats: 20_000), .malformed, "more after the end"),
  ]

  @Test(arguments: spoilt)
  func aBadFileIsNamed(_ spoilt: Spoilt) throws {
    let scratch = try Scratch()
    try SmallMNIST().write(to: scratch)
    try scratch.remove(spoilt.file.replacingOccurrences(of: ".gz", with: ""))
    try scratch.write(spoilt.bytes, spoilt.file)
    let error = try #require(throws: DatasetError.self) { try MNIST.load(from: scratch.path) }
    #expect(error.kind == spoilt.kind)
    #expect(error.file == "\(scratch.path)/\(spoilt.file)")
    for words in spoilt.says { #expect(error.description.contains(words), "\(error)") }
    #expect(!error.description.contains("\n"))
  }

  @Test func aMissingFileIsNamed() throws {
    let scratch = try Scratch()
    try SmallMNIST().write(to: scratch)
    try scratch.remove("t10k-labels-idx1-ubyte")
    let error = try #require(throws: DatasetError.self) { try MNIST.load(from: scratch.path) }
    #expect(error.kind == .notFound)
    #expect(error.description.contains("t10k-labels-idx1-ubyte: no such file, packed (.gz) or not"))
  }

  @Test func aFolderInPlaceOfAFileIsNamed() throws {
    let scratch = try Scratch()
    try SmallMNIST().write(to: scratch)
    try scratch.remove("train-images-idx3-ubyte")
    _ = try scratch.makeFolder("train-images-idx3-ubyte")
    let error = try #require(throws: DatasetError.self) { try MNIST.load(from: scratch.path) }
    #expect(error.kind == .unreadable)
    #expect(error.description.contains("a folder is in its place"))
  }

  /// Cut a good set's files at every length: each cut is an error, none a crash.
  @Test(arguments: [false, true])
  func everyTruncationIsAnError(packed: Bool) throws {
    let scratch = try Scratch()
    try SmallMNIST().write(to: scratch)
    let labels = packed ? Gzip.pack(Self.labels) : Self.labels
    if packed { try scratch.remove("train-labels-idx1-ubyte") }
    let name = "train-labels-idx1-ubyte" + (packed ? ".gz" : "")
    for length in 0..<labels.count {
      try scratch.write(Array(labels.prefix(length)), name)
      #expect(throws: DatasetError.self, "cut to \(length) bytes") { try MNIST.load(from: scratch.path) }
    }
    try scratch.write(labels, name)
    #expect(try MNIST.load(from: scratch.path).train.count == 20)
  }
}

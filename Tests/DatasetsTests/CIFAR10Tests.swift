import Foundation
import Testing

@testable import Datasets

@Suite struct CIFAR10Tests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Digests and counts by NumPy, off the same files (`sha256(b"uint8 NxCxHxW classes 10\n" + pixels + labels)`).
  @Test(.enabled(if: RealData.cifar10 != nil, "CIFAR-10 is not beside the package"))
  func theRealFilesAreReadAsNumPyReadsThem() throws {
    let set = try CIFAR10.load(from: try #require(RealData.cifar10))
    #expect(set.name == "cifar10")
    #expect((set.train.channels, set.train.height, set.train.width, set.train.classCount) == (3, 32, 32, 10))
    #expect(set.train.count == 10_000 && set.test.count == 2_000)
    #expect(set.train.countsPerClass == [Int](repeating: 1000, count: 10))
    #expect(set.test.countsPerClass == [Int](repeating: 200, count: 10))
    #expect(set.train.digest == "be426c1247f4b6e1320deeb8c9c6f37a8815c1af1f45163eea86be522f465400")
    #expect(set.test.digest == "590c66f89ca63794cfd47921165f47e7197ad94e0fc71fa93907c9ad46acbc4a")
    #expect(set.train.labels.prefix(10) == [8, 1, 7, 9, 0, 0, 2, 3, 4, 5])
    // As the data's own README has them, to four digits.
    let (mean, deviation) = set.test.channelStatistics
    for (found, expected) in zip(mean + deviation, [0.4971, 0.4881, 0.4549, 0.2451, 0.2417, 0.2612]) {
      #expect(abs(found - expected) < 5.1e-5)
    }
    #expect(set.note == "in CIFAR-10's format, but not the official files: 10000 + 2000 images")
    #expect(!set.isOfficial)
  }

  @Test(.enabled(if: RealData.cifar10 != nil, "CIFAR-10 is not beside the package"))
  func theClassesAreThoseOfTheirFile() throws {
    let file = "\(try #require(RealData.cifar10))/batches.meta.txt"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.split(separator: "\n").map(String.init) == CIFAR10.classNames)
  }

  @Test func batchesFollowEachOtherAndPlanesStayPlanes() throws {
    try SmallCIFAR.write(to: scratch)
    let set = try CIFAR10.load(from: scratch.path)
    #expect(set.train.count == 20 && set.test.count == 6)
    #expect(set.train.labels == [1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6, 4, 5, 6, 7, 5, 6, 7, 8])
    #expect(set.test.labels == [6, 7, 8, 9, 0, 1])
    for (batch, record) in [(1, 0), (3, 2), (5, 3)] {
      let start = (4 * (batch - 1) + record) * 3072
      let pixels = SmallCIFAR.pixels(batch: batch, record: record)
      #expect(set.train.images[start..<start + 3072].elementsEqual(pixels))
    }
    #expect(set.note.contains("not the official files: 20 + 6 images"))
    #expect(!set.isOfficial)
  }

  @Test func batchesMayDifferInLength() throws {
    try SmallCIFAR.write(to: scratch)
    try scratch.write(SmallCIFAR.batch(2, count: 1030), "data_batch_2.bin")
    let set = try CIFAR10.load(from: scratch.path)
    #expect(set.train.count == 4 * 4 + 1030)
    #expect(set.train.labels[4 + 1029] == UInt8((2 + 1029) % 10))
    #expect(set.train.images.count == set.train.count * 3072)
  }

  struct Spoilt: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let kind: DatasetError.Kind
    let says: [String]

    init(_ what: String, _ bytes: [UInt8], _ kind: DatasetError.Kind, _ says: String...) {
      (testDescription, self.bytes, self.kind, self.says) = (what, bytes, kind, says)
    }
  }

  static let good = SmallCIFAR.batch(3, count: 4)

  static func labelled(_ label: UInt8, record: Int) -> [UInt8] {
    var bytes = good
    bytes[record * SmallCIFAR.recordSize] = label
    return bytes
  }

  static let spoilt: [Spoilt] = [
    Spoilt(
      "cut inside the last record", Array(good.dropLast(100)), .truncated, "byte 9219",
      "record 3, the last, has 2973 of 3073 bytes", "whole number of records"),
    Spoilt("cut inside the first record", [0], .truncated, "byte 0", "record 0, the last, has 1 of 3073 bytes"),
    Spoilt("a byte too long", good + [0], .truncated, "byte 12292", "record 4, the last, has 1 of 3073 bytes"),
    Spoilt("empty", [], .truncated, "it is empty"),
    Spoilt(
      "a label over 9", labelled(10, record: 2), .malformed, "byte 6146 (record 2)", "label 10", "from 0 to 9"),
    Spoilt("the greatest label", labelled(255, record: 0), .malformed, "byte 0 (record 0)", "label 255"),
    Spoilt("packed with gzip", Gzip.pack(good), .malformed, "packed with gzip", "gunzip"),
    Spoilt(
      "records of CIFAR-100 (3074 bytes)", [UInt8](repeating: 3, count: 3 * 3074), .truncated, "has 3 of 3073 bytes"),
  ]

  @Test(arguments: spoilt)
  func aBadFileIsNamed(_ spoilt: Spoilt) throws {
    try SmallCIFAR.write(to: scratch)
    try scratch.write(spoilt.bytes, "data_batch_3.bin")
    let error = try #require(throws: DatasetError.self) { try CIFAR10.load(from: scratch.path) }
    #expect(error.kind == spoilt.kind)
    #expect(error.file == "\(scratch.path)/data_batch_3.bin")
    for words in spoilt.says { #expect(error.description.contains(words), "\(error)") }
    #expect(!error.description.contains("\n"))
  }

  /// A record that begins past the first piece that is read is named by its own number.
  @Test func aLabelFarIntoALongBatchIsNamed() throws {
    try SmallCIFAR.write(to: scratch)
    var bytes = SmallCIFAR.batch(1, count: 1030)
    bytes[1027 * SmallCIFAR.recordSize] = 11
    try scratch.write(bytes, "test_batch.bin")
    let error = try #require(throws: DatasetError.self) { try CIFAR10.load(from: scratch.path) }
    #expect(error.place == "byte 3155971 (record 1027)")
    #expect(error.problem == "label 11")
  }

  /// Refused by its size before a byte is set aside: the file is a hole of a terabyte.
  @Test func aFileOfATerabyteIsNotRead() throws {
    try SmallCIFAR.write(to: scratch)
    let file = try scratch.write([], "data_batch_5.bin")
    let handle = try #require(FileHandle(forWritingAtPath: file))
    try handle.truncate(atOffset: 3073 * 400_000_000)
    try handle.close()
    let error = try #require(throws: DatasetError.self) { try CIFAR10.load(from: scratch.path) }
    #expect(error.kind == .malformed)
    #expect(error.description.contains("400000000 records; expected at most 100000"))
  }

  @Test(arguments: SmallCIFAR.names)
  func aMissingBatchIsAnErrorNotASmallerSet(name: String) throws {
    try SmallCIFAR.write(to: scratch)
    try scratch.remove(name)
    let error = try #require(throws: DatasetError.self) { try CIFAR10.load(from: scratch.path) }
    #expect(error.kind == .notFound)
    #expect(error.file == "\(scratch.path)/\(name)")
    #expect(
      error.description.contains("no such file; expected data_batch_1.bin to data_batch_5.bin and test_batch.bin"))
    #expect(error.description.contains("idinit-lab fetch cifar10"))
  }

  @Test func aFolderInPlaceOfABatchIsNamed() throws {
    try SmallCIFAR.write(to: scratch)
    try scratch.remove("data_batch_4.bin")
    _ = try scratch.makeFolder("data_batch_4.bin")
    let error = try #require(throws: DatasetError.self) { try CIFAR10.load(from: scratch.path) }
    #expect(error.kind == .unreadable)
    #expect(error.description.contains("data_batch_4.bin: a folder is in its place"))
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may read everything"))
  func anUnreadableBatchIsNamed() throws {
    try SmallCIFAR.write(to: scratch)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0], ofItemAtPath: "\(scratch.path)/data_batch_1.bin")
    let error = try #require(throws: DatasetError.self) { try CIFAR10.load(from: scratch.path) }
    #expect(error.kind == .unreadable)
    #expect(error.description.contains("data_batch_1.bin: it cannot be read"))
  }

  static let lookalikes: [(name: String, says: [String])] = [
    ("cifar-10-binary.tar.gz", ["the right archive, still packed", "tar -xzf"]),
    ("cifar-10-batches-py/data_batch_1", ["cifar-10-batches-py is the version for Python", "fetch cifar10"]),
    ("data_batch_1", ["data_batch_1 is the version for Python", "fetch cifar10"]),
    ("cifar-10-python.tar.gz", ["the version for Python", "fetch cifar10"]),
    ("cifar-10-batches-mat/data_batch_1.mat", ["the version for Matlab"]),
    ("cifar10/cifar-10-binary.tar.gz", ["cifar10/cifar-10-binary.tar.gz is the right archive"]),
    ("cifar-100-binary/train.bin", ["CIFAR-100, another data set"]),
  ]

  @Test(arguments: lookalikes.indices)
  func whatIsThereInsteadIsNamed(index: Int) throws {
    let (name, says) = Self.lookalikes[index]
    try scratch.write([1], name)
    let error = try #require(throws: DatasetError.self) { try CIFAR10.load(from: scratch.path) }
    #expect(error.kind == .notFound)
    for words in says { #expect(error.description.contains(words), "\(error)") }
    #expect(!error.description.contains("\n"))
  }
}

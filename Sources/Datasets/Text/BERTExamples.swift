import Crypto
import Foundation

/// The examples of a file, mapped into memory: any of them can be read, in any order and from any thread, and none is
/// copied before.
///
/// The file must not be changed while it is open; `BERTExampleFile` replaces files and never changes them.
public final class BERTExamples: Sendable {
  /// Where the examples lie.
  public let file: String
  /// How many examples there are.
  public let count: Int
  /// Pieces of the longest example, L.
  public let greatestLength: Int
  /// Places to predict, at most, P.
  public let greatestPredictions: Int
  /// How many pieces the vocabulary has that they were made with.
  public let vocabularyCount: Int
  /// SHA-256 of what the examples are a function of, in lower-case hexadecimal.
  public let identity: String

  private let format: BERTExampleFormat
  private let mapping: Mapping

  /// - Parameters:
  ///   - file: as `BERTExampleFile` made it.
  ///   - identity: what it must be made of; `nil` takes any.
  ///   - verifying: whether to read all of it and compare it with its digest, which takes about a second a gigabyte.
  /// - Throws: `DatasetError`: the file is missing, is none of examples, is truncated, was made of something else, or is
  ///   corrupt.
  public init(file: String, identity: String? = nil, verifying: Bool = true) throws(DatasetError) {
    mapping = try Mapping(file)
    let bytes = mapping.bytes
    format = try BERTExampleFormat(bytes, file: file)
    if let identity, identity != format.identity {
      throw DatasetError(
        .mismatch, file: file, place: "byte \(BERTExampleFormat.identityOffset)",
        problem: "made of other text, vocabulary, settings or seed (\(format.identity))", expected: identity)
    }
    if verifying {
      var hash = SHA256()
      hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[BERTExampleFormat.headerSize...]))
      hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[..<BERTExampleFormat.digestOffset]))
      let stored = bytes[BERTExampleFormat.digestOffset..<BERTExampleFormat.headerSize]
      guard hash.finalize().elementsEqual(stored) else {
        throw DatasetError(
          .corrupt, file: file, problem: "its SHA-256 does not agree with its content",
          expected: BERTExampleFormat.hexadecimal(stored), advice: "Delete it; it is made anew")
      }
    }
    self.file = file
    count = format.count
    greatestLength = format.greatestLength
    greatestPredictions = format.greatestPredictions
    vocabularyCount = format.vocabularyCount
    self.identity = format.identity
  }

  /// One example.
  ///
  /// - Throws: `malformed` when there is no such, or what is stored is none.
  public func example(at index: Int) throws(DatasetError) -> BERTExample {
    guard (0..<count).contains(index) else {
      throw DatasetError(
        .malformed, file: file, problem: "no example \(index)", expected: "an index from 0 to \(count - 1)")
    }
    let start = BERTExampleFormat.headerSize + index * format.recordSize
    let record = UnsafeRawBufferPointer(rebasing: mapping.bytes[start..<start + format.recordSize])
    let example = format.example(record)
    let problem =
      example.map {
        $0.problem(vocabularyCount: vocabularyCount, settings: (greatestLength, greatestPredictions))
      } ?? "a count that is larger than its place"
    guard let example, problem == nil else {
      throw DatasetError(
        .malformed, file: file, place: "byte \(start), example \(index)", problem: problem ?? "no example",
        expected: "an example as BERTExampleFile writes it", advice: "Delete the file; it is made anew")
    }
    return example
  }

  /// Some examples side by side, filled up to the longest of the file.
  ///
  /// - Parameter indices: in the order of the batch.
  /// - Returns: N × L pieces and what belongs to them.
  /// - Throws: as `example(at:)`.
  public func batch(_ indices: [Int]) throws(DatasetError) -> BERTBatch {
    var batch = BERTBatch(count: indices.count, length: greatestLength, predictions: greatestPredictions)
    for index in indices { batch.append(try example(at: index), padding: format.padding) }
    return batch
  }

  /// The file's memory, for as long as somebody holds it.
  private final class Mapping: @unchecked Sendable {
    // Sendable: the memory is read-only, and both properties are set once.
    let bytes: UnsafeRawBufferPointer
    private let base: UnsafeMutableRawPointer

    init(_ file: String) throws(DatasetError) {
      // It says what is wrong with a file that is missing, a folder or a device, or empty.
      _ = try ByteStream(file: file, unpacking: false)
      let descriptor = open(file, O_RDONLY | O_CLOEXEC)
      defer { if descriptor >= 0 { close(descriptor) } }
      var status = stat()
      guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_size > 0,
        let base = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED
      else {
        throw DatasetError(
          .unreadable, file: file, problem: "it cannot be mapped (\(String(cString: strerror(errno))))")
      }
      self.base = base
      bytes = UnsafeRawBufferPointer(start: base, count: Int(status.st_size))
    }

    deinit { munmap(base, bytes.count) }
  }
}

/// Examples as a network takes them, row-major; N examples, L pieces, P places to predict.
public struct BERTBatch: Sendable, Equatable {
  /// N × L.
  public private(set) var ids: [Int64] = []
  /// N × L: 0 for the first text, 1 for the second, 0 for filling.
  public private(set) var segments: [Int64] = []
  /// N × L: 1 where there is text, 0 for filling.
  public private(set) var mask: [Int64] = []
  /// N × P: places in their example; 0, that of `[CLS]`, for filling.
  public private(set) var positions: [Int64] = []
  /// N × P: what stands there in truth; −100 for filling, which PyTorch's cross-entropy leaves out.
  public private(set) var labels: [Int64] = []
  /// N: 1 where the second text is from elsewhere.
  public private(set) var isRandomNext: [Int64] = []

  let length: Int
  let predictions: Int

  init(count: Int, length: Int, predictions: Int) {
    self.length = length
    self.predictions = predictions
    ids.reserveCapacity(count * length)
    segments.reserveCapacity(count * length)
    mask.reserveCapacity(count * length)
  }

  mutating func append(_ example: BERTExample, padding: Int32) {
    let filling = length - example.ids.count
    ids += example.ids.lazy.map(Int64.init)
    ids += repeatElement(Int64(padding), count: filling)
    segments += repeatElement(0, count: example.firstCount)
    segments += repeatElement(1, count: example.ids.count - example.firstCount)
    segments += repeatElement(0, count: filling)
    mask += repeatElement(1, count: example.ids.count)
    mask += repeatElement(0, count: filling)
    let missing = predictions - example.positions.count
    positions += example.positions.lazy.map(Int64.init)
    positions += repeatElement(0, count: missing)
    labels += example.labels.lazy.map(Int64.init)
    labels += repeatElement(-100, count: missing)
    isRandomNext.append(example.isRandomNext ? 1 : 0)
  }
}

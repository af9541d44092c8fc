import Crypto

/// The file that examples are kept in: a header of 128 bytes, then records of one size. All numbers are little-endian.
///
///     0   8 bytes   "IDINITBX"
///     8   UInt32    version, 1
///     12  UInt32    bytes of the header, 128
///     16  UInt64    examples, N
///     24  UInt32    pieces of the longest example, L
///     28  UInt32    places to predict, at most, P
///     32  UInt32    pieces of the vocabulary
///     36  UInt32    the piece that fills up
///     40  24 bytes  zero
///     64  32 bytes  identity: SHA-256 of what the examples are a function of
///     96  32 bytes  SHA-256 of all records and then of the 96 bytes before
///
/// A record is 4 + L + 2P numbers of type Int32: pieces; those of the first segment; 1 if the second text is from
/// elsewhere; places to predict; then L pieces, P places and P labels, filled up.
struct BERTExampleFormat: Equatable {
  var count: Int
  var greatestLength: Int
  var greatestPredictions: Int
  var vocabularyCount: Int
  var padding: Int32
  /// Lower-case hexadecimal.
  var identity: String

  static let magic = Array("IDINITBX".utf8)
  static let version: UInt32 = 1
  static let headerSize = 128
  static let digestOffset = 96
  static let identityOffset = 64

  /// Numbers a record.
  var recordCount: Int { 4 + greatestLength + 2 * greatestPredictions }
  var recordSize: Int { 4 * recordCount }

  /// The header up to its digest.
  var head: [UInt8] {
    var bytes = Self.magic
    func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
    append(Self.version)
    append(UInt32(Self.headerSize))
    append(UInt64(count))
    for value in [greatestLength, greatestPredictions, vocabularyCount, Int(padding)] { append(UInt32(value)) }
    bytes += [UInt8](repeating: 0, count: Self.identityOffset - bytes.count)
    bytes += Self.bytes(identity)
    return bytes
  }

  /// Reads a header and checks each of its numbers, and that the file is as long as they say.
  ///
  /// - Throws: `truncated` or `malformed` with the byte.
  init(_ bytes: UnsafeRawBufferPointer, file: String) throws(DatasetError) {
    guard bytes.count >= Self.headerSize else {
      throw DatasetError(
        .truncated, file: file, problem: "\(bytes.count) bytes",
        expected: "BERT examples, with a header of \(Self.headerSize)")
    }
    func number<T: FixedWidthInteger>(_ type: T.Type, _ offset: Int) -> T {
      T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
    }
    func malformed(_ offset: Int, _ problem: String, _ expected: String) -> DatasetError {
      DatasetError(.malformed, file: file, place: "byte \(offset)", problem: problem, expected: expected)
    }
    guard bytes.prefix(Self.magic.count).elementsEqual(Self.magic) else {
      throw malformed(0, "no BERT examples", "the letters IDINITBX")
    }
    let version = number(UInt32.self, 8)
    guard version == Self.version else { throw malformed(8, "version \(version)", "\(Self.version)") }
    let size = number(UInt32.self, 12)
    guard size == Self.headerSize else { throw malformed(12, "a header of \(size) bytes", "\(Self.headerSize)") }
    guard bytes[40..<Self.identityOffset].allSatisfy({ $0 == 0 }) else {
      throw malformed(40, "something in an empty place", "24 zero bytes")
    }
    greatestLength = Int(number(UInt32.self, 24))
    greatestPredictions = Int(number(UInt32.self, 28))
    vocabularyCount = Int(number(UInt32.self, 32))
    let filling = number(UInt32.self, 36)
    guard (5...65_535).contains(greatestLength) else {
      throw malformed(24, "examples of \(greatestLength) pieces", "from 5 to 65535")
    }
    guard (1...65_535).contains(greatestPredictions) else {
      throw malformed(28, "\(greatestPredictions) places to predict", "from 1 to 65535")
    }
    guard vocabularyCount > 0, vocabularyCount < 1 << 31, Int(filling) < vocabularyCount else {
      throw malformed(
        32, "a vocabulary of \(vocabularyCount) with filling \(filling)", "fewer than 2³¹, with the filling")
    }
    padding = Int32(filling)
    let claimed = number(UInt64.self, 16)
    count = Int(clamping: claimed)
    identity = Self.hexadecimal(bytes[Self.identityOffset..<Self.digestOffset])
    let (payload, overflow) = count.multipliedReportingOverflow(by: recordSize)
    let found = bytes.count - Self.headerSize
    guard count > 0, !overflow, payload == found else {
      throw DatasetError(
        overflow || payload > found ? .truncated : .malformed, file: file, place: "byte 16",
        problem: "\(claimed) examples in \(found) bytes", expected: "\(recordSize) bytes an example, and at least one")
    }
  }

  init(
    count: Int, settings: BERTExampleSettings, vocabulary: WordPieceVocabulary, identity: String
  ) {
    self.count = count
    greatestLength = settings.greatestLength
    greatestPredictions = settings.greatestPredictions
    vocabularyCount = vocabulary.count
    padding = vocabulary.id(of: .padding)
    self.identity = identity
  }

  /// Appends a record.
  func append(_ example: BERTExample, to bytes: inout [UInt8]) {
    func append(_ value: Int32) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
    func append(_ values: [Int32], upTo count: Int, _ filling: Int32) {
      for value in values { append(value) }
      for _ in values.count..<count { append(filling) }
    }
    append(Int32(example.ids.count))
    append(Int32(example.firstCount))
    append(example.isRandomNext ? 1 : 0)
    append(Int32(example.positions.count))
    append(example.ids, upTo: greatestLength, padding)
    append(example.positions, upTo: greatestPredictions, 0)
    append(example.labels, upTo: greatestPredictions, 0)
  }

  /// Reads a record.
  ///
  /// - Returns: `nil` when a count in it is larger than its place.
  func example(_ bytes: UnsafeRawBufferPointer) -> BERTExample? {
    func number(_ index: Int) -> Int32 {
      Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: Int32.self))
    }
    let (length, predictions) = (Int(number(0)), Int(number(3)))
    guard (0...greatestLength).contains(length), (0...greatestPredictions).contains(predictions),
      (0...1).contains(number(2))
    else { return nil }
    let places = 4 + greatestLength
    let labels = places + greatestPredictions
    return BERTExample(
      ids: (4..<4 + length).map(number), firstCount: Int(number(1)), isRandomNext: number(2) == 1,
      positions: (places..<places + predictions).map(number), labels: (labels..<labels + predictions).map(number))
  }

  static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  /// Of lower-case hexadecimal.
  static func bytes(_ text: String) -> [UInt8] {
    let digits = text.utf8.map { $0 < 0x40 ? $0 - 0x30 : $0 - 0x57 }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}

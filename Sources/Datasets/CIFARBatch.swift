import Crypto

/// One batch file of CIFAR-10's binary version: records of one label byte and 3072 pixel bytes (the red, the green, the
/// blue plane, each 32 × 32 row by row), with nothing before, between or after them.
///
/// Source: "Binary version" on the data set's page (Krizhevsky, https://www.cs.toronto.edu/~kriz/cifar.html).
struct CIFARBatch {
  static let pixelsPerImage = CIFAR10.channels * CIFAR10.side * CIFAR10.side
  static let recordSize = 1 + pixelsPerImage
  /// The official files have 10,000; what is far beyond is no batch of small images, and is not read into memory.
  static let mostRecords = 100_000

  let file: String
  /// How many records the file's size makes.
  let count: Int
  private let stream: ByteStream

  /// Opens the file and checks its size; nothing but its beginning is read yet.
  ///
  /// - Throws: `truncated` or `malformed` when the size is no whole number of records, and what `ByteStream` throws.
  init(file: String) throws(DatasetError) {
    self.file = file
    stream = try ByteStream(file: file)
    if stream.isCompressed {
      throw DatasetError(
        .malformed, file: file, place: "byte 0", problem: "it is packed with gzip", expected: "the unpacked batch",
        advice: "Unpack it: rename it to end in .gz, then `gunzip` it")
    }
    let size = stream.storedSize
    count = size / Self.recordSize
    let rest = size % Self.recordSize
    guard rest == 0 else {
      throw DatasetError(
        .truncated, file: file, place: "byte \(size - rest)",
        problem: "record \(count), the last, has \(rest) of \(Self.recordSize) bytes",
        expected: "a whole number of records: one label and \(Self.pixelsPerImage) pixels each")
    }
    guard count <= Self.mostRecords else {
      throw DatasetError(
        .malformed, file: file, problem: "its \(size) bytes make \(count) records",
        expected: "at most \(Self.mostRecords) (the official batches have 10000)")
    }
  }

  /// Appends the pixels and the labels of all records, in the file's order.
  ///
  /// - Returns: SHA-256 of the file, lower-case hexadecimal.
  /// - Throws: `malformed` for a label over 9, and what `ByteStream` throws.
  func read(into images: inout [UInt8], _ labels: inout [UInt8]) throws(DatasetError) -> String {
    var hash = SHA256()
    var record = 0
    while record < count {
      let records = min(count - record, 1024)
      let bytes = try stream.read(records * Self.recordSize, "records \(record) to \(record + records - 1)")
      bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
      for start in stride(from: 0, to: bytes.count, by: Self.recordSize) {
        let label = bytes[start]
        guard Int(label) < CIFAR10.classNames.count else {
          throw DatasetError(
            .malformed, file: file, place: "byte \(record * Self.recordSize) (record \(record))",
            problem: "label \(label)", expected: "a class from 0 to \(CIFAR10.classNames.count - 1)")
        }
        labels.append(label)
        images += bytes[start + 1..<start + Self.recordSize]
        record += 1
      }
    }
    try stream.requireEnd(after: "the \(count) records that its size promised")
    return hash.finalize().hexadecimal
  }
}

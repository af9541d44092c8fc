/// The IDX format of the MNIST files: a magic number (two zero bytes, the element type, the number of dimensions),
/// the dimensions as big-endian 32-bit counts, then the elements row-major.
///
/// Source: the description on the MNIST page of LeCun, Cortes and Burges. Only unsigned bytes (type 8) occur there.
struct IDXFile {
  let file: String
  /// One count a dimension; the first is the number of items.
  let dimensions: [Int]
  let bytes: [UInt8]

  /// Where the elements begin, in the unpacked file.
  static func headerSize(dimensions: Int) -> Int { 4 + 4 * dimensions }

  /// Reads a whole file, packed with gzip or not.
  ///
  /// - Parameters:
  ///   - file: its path.
  ///   - rank: the number of dimensions that it must have: 3 for images, 1 for labels.
  ///   - what: what the file should hold, for the error: `images`.
  /// - Throws: `malformed` for another magic number or too much content, `truncated` for too little, and what
  ///   `ByteStream` throws.
  init(file: String, rank: Int, what: String) throws(DatasetError) {
    let stream = try ByteStream(file: file)
    let magic = try stream.read(4, "the magic number")
    let expectedMagic: [UInt8] = [0, 0, 8, UInt8(rank)]
    guard magic == expectedMagic else {
      let found = Self.hexadecimal(magic)
      let hint: String
      switch magic {
      case [0, 0, 8, 1]: hint = " (a file of labels)"
      case [0, 0, 8, 3]: hint = " (a file of images)"
      default: hint = ""
      }
      throw DatasetError(
        .malformed, file: file, place: "byte 0", problem: "the magic number is \(found)\(hint)",
        expected: "\(Self.hexadecimal(expectedMagic)) for \(what)")
    }
    var dimensions: [Int] = []
    var size = 1
    for axis in 0..<rank {
      let place = "byte \(4 + 4 * axis)"
      let count = try stream.read(4, "dimension \(axis)").reduce(0) { $0 << 8 | Int($1) }
      let (product, overflow) = size.multipliedReportingOverflow(by: count)
      guard count > 0, !overflow, product <= Self.mostBytes else {
        throw DatasetError(
          .malformed, file: file, place: place, problem: "dimension \(axis) is \(count)",
          expected: count == 0 ? "at least 1" : "dimensions whose product fits in memory")
      }
      dimensions.append(count)
      size = product
    }
    let shape = dimensions.map(String.init).joined(separator: "×")
    let header = Self.headerSize(dimensions: rank)
    if !stream.isCompressed && stream.storedSize != header + size {
      throw DatasetError(
        stream.storedSize < header + size ? .truncated : .malformed, file: file,
        problem: "it has \(stream.storedSize) bytes, but its header promises \(shape) \(what)",
        expected: "\(header + size) bytes")
    }
    bytes = try stream.read(size, "the \(shape) \(what) that its header promises")
    try stream.requireEnd(after: "the \(shape) \(what) that its header promises")
    self.file = file
    self.dimensions = dimensions
  }

  /// No data set of bytes comes near; the sum with the header cannot overflow.
  private static let mostBytes = 1 << 40

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    "0x" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

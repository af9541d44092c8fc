/// word2vec's binary format (Mikolov et al. 2013): the line `V D`, then for each word its bytes, a space, D little-endian
/// `Float32`, and, as the original program writes it but not in its published vectors, a newline.
public enum Word2VecFile {
  /// Reads the vectors of a vocabulary's words; the file is gone through once, in bounded memory.
  ///
  /// - Parameters:
  ///   - file: its path; it may be gzipped.
  ///   - vocabulary: the words, compared byte by byte. Google's news vectors are not lower-cased.
  ///   - dimension: numbers a word; `nil` takes the header's.
  /// - Returns: a row for each of the vocabulary's numbers.
  /// - Throws: `DatasetError` with file and byte: no such header, another dimension, a file that is shorter or longer than
  ///   its header says, a word without an end, a number of a wanted word that is not finite.
  public static func read(
    _ file: String, for vocabulary: WordVocabulary, dimension: Int? = nil
  ) throws(DatasetError) -> WordVectors {
    var reader = Word2VecReader(try ByteStream(file: file))
    let header = try reader.header(dimension)
    var table = WordVectorTable(rows: vocabulary.count, dimension: header.dimension)
    for index in 0..<header.count {
      let word = try reader.word(index, of: header.count)
      let row = vocabulary.trie.withWalker { walker in word.withUnsafeBufferPointer(walker.value(of:)) }
      let place = reader.offset
      let bytes = try reader.take(4 * header.dimension, "the vector of word \(index + 1) of \(header.count)")
      guard table.wants(row) else { continue }
      for column in 0..<header.dimension {
        let start = bytes.startIndex + 4 * column
        let pattern = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * UInt32($1)) }
        let value = Float(bitPattern: pattern)
        guard value.isFinite else {
          throw DatasetError(
            .malformed, file: file, place: "byte \(place + 4 * column)",
            problem: "\(value) in the vector of '\(String(decoding: word.prefix(80), as: UTF8.self))'",
            expected: "a finite number")
        }
        table.set(row, column, value)
      }
    }
    try reader.requireEnd(header.count)
    return table.vectors(from: file)
  }
}

/// Reads such a file piece by piece.
private struct Word2VecReader {
  private let stream: ByteStream
  private var buffer: [UInt8] = []
  private var position = 0

  private static let chunk = 1 << 18
  /// The original program allows 100 bytes.
  private static let greatestWord = 1024

  init(_ stream: ByteStream) { self.stream = stream }

  /// Of the next byte.
  var offset: Int { stream.offset - (buffer.count - position) }

  /// Sees to it that `count` bytes are in the buffer, if the file has as many.
  private mutating func fill(_ count: Int) throws(DatasetError) {
    guard buffer.count - position < count else { return }
    buffer.removeSubrange(..<position)
    position = 0
    buffer += try stream.readUp(to: max(Self.chunk, count))
  }

  mutating func take(_ count: Int, _ what: String) throws(DatasetError) -> ArraySlice<UInt8> {
    try fill(count)
    guard buffer.count - position >= count else {
      throw DatasetError(
        .truncated, file: stream.file, place: "byte \(offset)", problem: "it ends inside \(what)",
        expected: "\(count - (buffer.count - position)) more bytes")
    }
    defer { position += count }
    return buffer[position..<position + count]
  }

  /// The bytes up to `end`, which is passed over; `nil` if it does not come within `limit` bytes.
  private mutating func take(until end: UInt8, limit: Int) throws(DatasetError) -> ArraySlice<UInt8>? {
    try fill(limit + 1)
    guard let found = buffer[position...].prefix(limit + 1).firstIndex(of: end) else { return nil }
    defer { position = found + 1 }
    return buffer[position..<found]
  }

  mutating func header(_ dimension: Int?) throws(DatasetError) -> (count: Int, dimension: Int) {
    let line = try take(until: UInt8(ascii: "\n"), limit: 64) ?? []
    let fields = String(decoding: line, as: UTF8.self).split(separator: " ").map { Int($0) }
    guard fields.count == 2, let count = fields[0], let found = fields[1], count > 0,
      (1...WordVectorTable.greatestDimension).contains(found)
    else {
      throw DatasetError(
        .malformed, file: stream.file, place: "byte 0", problem: "no header of word2vec's binary format",
        expected: "a line with the number of words and of dimensions (1 to \(WordVectorTable.greatestDimension))")
    }
    if let dimension, dimension != found {
      throw DatasetError(
        .mismatch, file: stream.file, place: "byte 0", problem: "\(found) dimensions", expected: "\(dimension)")
    }
    // A word has at least one byte, and a space.
    let (least, overflow) = count.multipliedReportingOverflow(by: 4 * found + 2)
    guard stream.isCompressed || (!overflow && least <= stream.storedSize - offset) else {
      throw DatasetError(
        .truncated, file: stream.file, problem: "\(stream.storedSize) bytes for \(count) words of \(found) dimensions",
        expected: overflow ? "fewer words" : "at least \(offset + least)")
    }
    return (count, found)
  }

  mutating func word(_ index: Int, of count: Int) throws(DatasetError) -> ArraySlice<UInt8> {
    try fill(1)
    if position < buffer.count, buffer[position] == UInt8(ascii: "\n") { position += 1 }
    let start = offset
    let limit = Self.greatestWord
    let word = try take(until: UInt8(ascii: " "), limit: limit)
    guard let word, !word.isEmpty else {
      let isShort = word == nil && buffer.count - position <= limit
      throw DatasetError(
        isShort ? .truncated : .malformed, file: stream.file, place: "byte \(start)",
        problem: isShort ? "it ends inside word \(index + 1) of \(count)" : "no word there",
        expected: "word \(index + 1) of \(count), at most \(limit) bytes and a space")
    }
    return word
  }

  mutating func requireEnd(_ count: Int) throws(DatasetError) {
    try fill(2)
    if position < buffer.count, buffer[position] == UInt8(ascii: "\n") { position += 1 }
    guard position == buffer.count else {
      throw DatasetError(
        .malformed, file: stream.file, place: "byte \(offset)", problem: "there is more after the end",
        expected: "nothing after \(count) words, as its header says")
    }
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Goes through a text file line by line, in bounded memory however long the file is; gzip is unpacked.
///
/// Lines end with `\n`, or with `\r\n`, and with nothing else: the words of real data hold other characters that a reader
/// aware of Unicode would break lines at. The last line need not end.
final class LineReader {
  let file: String
  /// The number of the line that was given out last, from 1 on.
  private(set) var line = 0

  private let stream: ByteStream
  private let greatestLength: Int
  private var buffer: [UInt8] = []
  private var position = 0
  private var ended = false

  private static let chunk = 1 << 18

  /// - Parameters:
  ///   - file: its path.
  ///   - greatestLength: bytes that a line may have; a longer one is refused, and not held in memory.
  /// - Throws: as `ByteStream`; an empty file is `truncated`.
  init(file: String, greatestLength: Int = 1 << 20) throws(DatasetError) {
    self.file = file
    self.greatestLength = greatestLength
    stream = try ByteStream(file: file)
  }

  /// `line 7`, for an error about the line that was given out last.
  var place: String { "line \(line)" }

  /// The next line without its end; `nil` after the last.
  ///
  /// - Throws: `malformed` for a line over `greatestLength`, and what `ByteStream` throws.
  func next() throws(DatasetError) -> ArraySlice<UInt8>? {
    var searched = position
    while true {
      if let end = newline(from: searched) {
        let start = position
        position = end + 1
        return try given(start, end)
      }
      searched = buffer.count - position
      if ended {
        if searched == 0 { return nil }
        let start = position
        position = buffer.count
        return try given(start, buffer.count)
      }
      guard searched <= greatestLength else {
        line += 1
        throw tooLong(searched)
      }
      buffer.removeSubrange(..<position)
      position = 0
      let more = try stream.readUp(to: Self.chunk)
      ended = more.isEmpty
      buffer += more
    }
  }

  private func given(_ start: Int, _ end: Int) throws(DatasetError) -> ArraySlice<UInt8> {
    line += 1
    let hasReturn = end > start && buffer[end - 1] == UInt8(ascii: "\r")
    let stop = hasReturn ? end - 1 : end
    guard stop - start <= greatestLength else { throw tooLong(stop - start) }
    return buffer[start..<stop]
  }

  private func newline(from start: Int) -> Int? {
    buffer.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, start < bytes.count,
        let found = memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  private func tooLong(_ count: Int) -> DatasetError {
    DatasetError(
      .malformed, file: file, place: place, problem: "a line of \(count) bytes or more",
      expected: "at most \(greatestLength)")
  }

  /// The line, or its part after the first `skipped` bytes, as text.
  ///
  /// - Parameters:
  ///   - line: the line or its part.
  ///   - skipped: for the error.
  ///   - mayBeLatin1: a line that is no UTF-8 is taken for Latin-1, in which each byte is a character.
  /// - Returns: the text.
  /// - Throws: `malformed` when it is no UTF-8, with the line and the byte in it, from 1 on.
  func text(
    _ line: ArraySlice<UInt8>, after skipped: Int = 0, mayBeLatin1: Bool = false
  ) throws(DatasetError) -> String {
    if let index = line.withUnsafeBufferPointer(UTF8Check.firstInvalid) {
      if mayBeLatin1 {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: line.lazy.map(Unicode.Scalar.init))
        return String(text)
      }
      let value = String(line[line.startIndex + index], radix: 16)
      throw DatasetError(
        .malformed, file: file, place: "\(place), byte \(skipped + index + 1)", problem: "0x\(value) there is no UTF-8",
        expected: "text in UTF-8", advice: "A Latin-1 file is converted with `iconv -f latin1 -t utf-8`")
    }
    return String(decoding: line, as: UTF8.self)
  }
}

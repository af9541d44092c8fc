/// Goes through a tar archive from front to back, entry by entry.
///
/// Only what a data set's archive needs: regular files with names of at most 256 bytes (POSIX.1-1988's `ustar`, GNU's and
/// the older form without a magic number). Long names and other extensions are entries of kinds of their own, which a
/// caller that looks for certain names passes over. Nothing is written, and a name is only ever given out, never
/// opened: what to do with it is the caller's to decide.
///
/// Source: "ustar Interchange Format", POSIX.1-2017, `pax`.
final class TarReader {
  /// What a header says.
  struct Entry {
    /// As it stands there, whatever it is; bytes that are no UTF-8 are replaced.
    let name: String
    let byteCount: Int
    let kind: Kind
  }

  enum Kind: Hashable {
    case file, folder, hardLink, symbolicLink
    case other(UInt8)
  }

  private let stream: ByteStream
  /// Of the entry that was given out last: its bytes, and those that fill its last block.
  private var left = 0
  private var padding = 0
  private var passedOver = 0

  private static let blockSize = 512
  /// Of entries that the caller does not want. A data set's archive holds a page or two of text beside the data.
  private static let mostPassedOver = 1 << 24

  init(_ stream: ByteStream) { self.stream = stream }

  /// The next entry; what was not read of the one before is passed over.
  ///
  /// - Returns: `nil` at the archive's end.
  /// - Throws: `malformed` for a header that is none, `truncated` when the archive's end is missing, and what
  ///   `ByteStream` throws.
  func next() throws(DatasetError) -> Entry? {
    passedOver += left
    guard passedOver <= Self.mostPassedOver else {
      throw DatasetError(
        .malformed, file: stream.file, place: "byte \(stream.offset) (unpacked)",
        problem: "over \(Self.mostPassedOver) bytes that are no part of the data set",
        expected: "the data set's archive")
    }
    // In pieces, so that no entry is held in memory to be thrown away.
    while try !read(upTo: 1 << 16).isEmpty {}
    _ = try stream.read(padding, "the rest of a tar block")
    padding = 0
    let place = "byte \(stream.offset) (unpacked)"
    let header = try stream.read(Self.blockSize, "a tar header")
    passedOver += Self.blockSize
    if header.allSatisfy({ $0 == 0 }) { return nil }
    guard let sum = Self.octal(header[148..<156]), sum == Self.checksum(header) else {
      throw DatasetError(
        .malformed, file: stream.file, place: place, problem: "no tar header (its checksum does not agree)",
        expected: "a gzipped tar archive")
    }
    guard let size = Self.octal(header[124..<136]) else {
      throw DatasetError(
        .malformed, file: stream.file, place: place, problem: "a tar header whose size is no octal number",
        expected: "11 octal digits")
    }
    let kind = Self.kind(header[156])
    left = size
    padding = (Self.blockSize - size % Self.blockSize) % Self.blockSize
    return Entry(name: Self.name(header), byteCount: size, kind: kind)
  }

  /// The next bytes of the entry that `next()` gave last: up to `count`, none at its end.
  func read(upTo count: Int) throws(DatasetError) -> [UInt8] {
    let bytes = try stream.read(min(count, left), "a file in the archive")
    left -= bytes.count
    return bytes
  }

  private static func kind(_ flag: UInt8) -> Kind {
    switch flag {
    case 0, UInt8(ascii: "0"): .file
    case UInt8(ascii: "1"): .hardLink
    case UInt8(ascii: "2"): .symbolicLink
    case UInt8(ascii: "5"): .folder
    default: .other(flag)
    }
  }

  private static func name(_ header: [UInt8]) -> String {
    let name = text(header[0..<100])
    // GNU's own form has other things where POSIX has the first part of long names.
    guard header[257..<263].elementsEqual([UInt8]("ustar\0".utf8)) else { return name }
    let prefix = text(header[345..<500])
    return prefix.isEmpty ? name : "\(prefix)/\(name)"
  }

  private static func text(_ field: ArraySlice<UInt8>) -> String {
    String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// Octal digits, after spaces and before spaces or zero bytes; at most 12 of them, so that nothing overflows.
  private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
    let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { (0x30...0x37).contains($0) }
    let rest = field[digits.endIndex...]
    guard !digits.isEmpty, rest.allSatisfy({ $0 == 0 || $0 == UInt8(ascii: " ") }) else { return nil }
    return digits.reduce(0) { $0 * 8 + Int($1 - 0x30) }
  }

  /// The sum of all bytes, with spaces where the sum itself stands.
  private static func checksum(_ header: [UInt8]) -> Int {
    header.reduce(0) { $0 + Int($1) } - header[148..<156].reduce(0) { $0 + Int($1) } + 8 * 0x20
  }
}

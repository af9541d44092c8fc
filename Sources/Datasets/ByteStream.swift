import Crypto
import Foundation

/// Reads a regular file from front to back, through gzip when its first two bytes say so (RFC 1952; several members
/// in a row are one file, as gzip itself has it).
///
/// The reader asks for as many bytes as the format's own header entitles it to, so that a file that unpacks to more
/// than it should is never unpacked further. Deflate cannot shrink below 1:1032, so a header that promises more than
/// that is refused before a byte of memory is set aside for it.
final class ByteStream {
  let file: String
  let isCompressed: Bool
  /// Bytes on disk.
  let storedSize: Int
  /// Unpacked bytes handed out so far.
  private(set) var offset = 0

  private let handle: FileHandle
  private var input: [UInt8] = []
  private var inputPosition = 0
  private var inputEnded = false
  private var inflater: Inflater?

  private static let chunk = 1 << 16
  private static let greatestRatio = 1032

  /// - Parameters:
  ///   - file: its path.
  ///   - unpacking: `false` to read the bytes as they are stored, whatever they look like.
  /// - Throws: `notFound`, `unreadable` for a folder, a device, or a file that may not be read, `truncated` for an
  ///   empty one.
  init(file: String, unpacking: Bool = true) throws(DatasetError) {
    self.file = file
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder) else {
      throw DatasetError(.notFound, file: file, problem: "no such file")
    }
    if isFolder.boolValue {
      throw DatasetError(.unreadable, file: file, problem: "a folder is in its place", expected: "a file")
    }
    let resolved = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
    let attributes: [FileAttributeKey: Any]
    do {
      attributes = try FileManager.default.attributesOfItem(atPath: resolved)
      guard attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? NSNumber else {
        throw DatasetError(.unreadable, file: file, problem: "not a regular file", expected: "a file")
      }
      storedSize = size.intValue
      handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: resolved))
      input = [UInt8](try handle.read(upToCount: Self.chunk) ?? Data())
    } catch let error as DatasetError {
      throw error
    } catch {
      throw DatasetError(.unreadable, file: file, problem: "it cannot be read (\(error.localizedDescription))")
    }
    guard !input.isEmpty else {
      throw DatasetError(.truncated, file: file, problem: "it is empty")
    }
    isCompressed = unpacking && input.starts(with: [0x1f, 0x8b])
    if isCompressed { inflater = try Inflater(file: file) }
  }

  deinit { try? handle.close() }

  /// The next `count` bytes.
  ///
  /// - Parameters:
  ///   - count: how many; no fewer are returned.
  ///   - what: what they are, for the error: `the header`.
  /// - Returns: the bytes.
  /// - Throws: `truncated` when fewer are left, `corrupt` when gzip's own checks fail.
  func read(_ count: Int, _ what: String) throws(DatasetError) -> [UInt8] {
    let (limit, overflow) = storedSize.multipliedReportingOverflow(by: isCompressed ? Self.greatestRatio : 1)
    guard overflow || count <= limit - offset else {
      let most = isCompressed ? "at most \(limit) bytes can be packed in its \(storedSize)" : "\(storedSize) bytes"
      throw DatasetError(
        .truncated, file: file, place: "byte \(offset)", problem: "the file is too short for \(what) (\(most))",
        expected: "\(count) bytes from there on")
    }
    let bytes = try readUp(to: count)
    guard bytes.count == count else {
      throw DatasetError(
        .truncated, file: file, place: "byte \(offset)\(unpacked)", problem: "it ends inside \(what)",
        expected: "\(count - bytes.count) more bytes")
    }
    return bytes
  }

  /// Everything that is left, if it is at most `limit` bytes.
  func readAll(limit: Int) throws(DatasetError) -> [UInt8] {
    let bytes = try readUp(to: limit)
    try requireEnd(after: "\(limit) bytes, the most that its format can need")
    return bytes
  }

  /// SHA-256 of the next `count` bytes, or of what is left if that is less, in lower-case hexadecimal.
  func digest(ofUpTo count: Int) throws(DatasetError) -> String {
    var hash = SHA256()
    var left = count
    while left > 0 {
      let bytes = try readUp(to: min(left, 1 << 20))
      if bytes.isEmpty { break }
      bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
      left -= bytes.count
    }
    return hash.finalize().hexadecimal
  }

  /// - Throws: `malformed` when anything follows what was read.
  func requireEnd(after what: String) throws(DatasetError) {
    let end = offset
    guard try readUp(to: 1).isEmpty else {
      throw DatasetError(
        .malformed, file: file, place: "byte \(end)\(unpacked)", problem: "there is more after the end",
        expected: "nothing after \(what)")
    }
  }

  private var unpacked: String { isCompressed ? " (unpacked)" : "" }

  /// The next `count` bytes, or what is left if that is less; none at the end.
  func readUp(to count: Int) throws(DatasetError) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(count)
    while result.count < count {
      if inputPosition == input.count && !inputEnded { try refill() }
      let wanted = count - result.count
      if let inflater {
        guard try inflater.append(wanted, to: &result, from: input, at: &inputPosition, inputEnded: inputEnded) else {
          break
        }
      } else {
        let taken = min(wanted, input.count - inputPosition)
        if taken == 0 { break }
        result += input[inputPosition..<inputPosition + taken]
        inputPosition += taken
      }
    }
    offset += result.count
    return result
  }

  private func refill() throws(DatasetError) {
    do {
      input = [UInt8](try handle.read(upToCount: Self.chunk) ?? Data())
    } catch {
      throw DatasetError(
        .unreadable, file: file, place: "byte \(offset)",
        problem: "reading failed (\(error.localizedDescription))")
    }
    inputPosition = 0
    inputEnded = input.isEmpty
  }
}

import CZlib

/// zlib's gzip reader, fed piece by piece. It checks each member's CRC-32 and length.
final class Inflater {
  private let file: String
  // zlib keeps a pointer back to this struct, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private var memberEnded = false
  /// Packed bytes consumed so far.
  private var consumed = 0

  /// The gzip format with the largest window (zlib.h, inflateInit2).
  private static let gzipWindow: Int32 = 15 + 16

  init(file: String) throws(DatasetError) {
    self.file = file
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = inflateInit2_(stream, Self.gzipWindow, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      throw DatasetError(.unreadable, file: file, problem: "zlib does not start (status \(status))")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Appends up to `wanted` unpacked bytes; moves `position` past what it used of `input`.
  ///
  /// - Returns: `false` at the end of the last member; otherwise `true`, with as many bytes as there was input for.
  /// - Throws: `corrupt` for bad data or checksum, `truncated` when the file ends within a member, `malformed` for
  ///   bytes after the last member that are not another one.
  func append(
    _ wanted: Int, to result: inout [UInt8], from input: [UInt8], at position: inout Int, inputEnded: Bool
  ) throws(DatasetError) -> Bool {
    if memberEnded {
      if position == input.count { return !inputEnded }
      guard input[position] == 0x1f else {
        throw DatasetError(
          .malformed, file: file, place: "packed byte \(consumed)", problem: "garbage after the end of the gzip data",
          expected: "the end of the file")
      }
      inflateReset(stream)
      memberEnded = false
    }
    if position == input.count && inputEnded {
      throw DatasetError(
        .truncated, file: file, place: "packed byte \(consumed)", problem: "the gzip data stop before their end",
        advice: "The file was probably not downloaded in full")
    }
    // Unpacked through a buffer of bounded size: what is asked for may be large, what is there may be little.
    var produced = [UInt8](repeating: 0, count: min(wanted, 1 << 18))
    var status = Z_OK
    var used = 0
    var made = 0
    let remaining = input.count - position
    input.withUnsafeBufferPointer { source in
      produced.withUnsafeMutableBufferPointer { target in
        // zlib's declaration lacks the const; it does not write to its input.
        stream.pointee.next_in = source.baseAddress.map { UnsafeMutablePointer(mutating: $0 + position) }
        stream.pointee.avail_in = UInt32(remaining)
        stream.pointee.next_out = target.baseAddress
        stream.pointee.avail_out = UInt32(target.count)
        status = inflate(stream, Z_NO_FLUSH)
        used = remaining - Int(stream.pointee.avail_in)
        made = target.count - Int(stream.pointee.avail_out)
      }
    }
    position += used
    consumed += used
    result += produced[..<made]
    switch status {
    case Z_STREAM_END: memberEnded = true
    case Z_OK, Z_BUF_ERROR: break
    default:
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "status \(status)"
      throw DatasetError(
        .corrupt, file: file, place: "packed byte \(consumed)", problem: "the gzip data are corrupt (\(reason))",
        advice: "Fetch the file again")
    }
    return true
  }
}

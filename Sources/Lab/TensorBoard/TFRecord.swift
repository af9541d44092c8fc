import Foundation

/// TensorFlow's files of records, one after the other: the length in 8 bytes, its masked CRC-32C in 4, the content, and that
/// one's masked CRC-32C in 4; all numbers little-endian.
enum TFRecord {
  /// A record of this content.
  static func frame(_ content: Data) -> Data {
    let length = bytes(UInt64(content.count))
    return length + bytes(CRC32C.masked(length)) + content + bytes(CRC32C.masked(content))
  }

  private static func bytes(_ value: some FixedWidthInteger) -> Data {
    withUnsafeBytes(of: value.littleEndian) { Data($0) }
  }
}

/// The checksum of zip files: CRC-32 with the reversed polynomial 0xEDB88320, as ISO 3309 and RFC 1952 have it.
///
/// Eight bytes a step through eight tables ("slicing by 8": Kounavis and Berry, 2005), about a byte per clock.
enum CRC32 {
  /// `tables[256 k + b]` is the checksum of byte b followed by k zero bytes.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
      tables[byte] = value
    }
    for index in 256..<tables.count {
      let previous = tables[index - 256]
      tables[index] = previous >> 8 ^ tables[Int(previous & 0xFF)]
    }
    return tables
  }()

  /// The checksum of a mapping, page by page.
  static func checksum(_ mapping: MappedBytes) -> UInt32 {
    var crc: UInt32 = 0
    let piece = 16 << 20
    for start in stride(from: 0, to: mapping.bytes.count, by: piece) {
      let range = start..<min(start + piece, mapping.bytes.count)
      crc = checksum(UnsafeRawBufferPointer(rebasing: mapping.bytes[range]), after: crc)
      // The last piece is what is read next, if it is the only one.
      if range.upperBound < mapping.bytes.count { mapping.release(range) }
    }
    return crc
  }

  /// The checksum of `bytes`, or of bytes with the checksum `previous` and `bytes` after them.
  static func checksum(_ bytes: UnsafeRawBufferPointer, after previous: UInt32 = 0) -> UInt32 {
    tables.withUnsafeBufferPointer { table in
      var crc = ~previous
      var position = 0
      while bytes.count - position >= 8 {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)) ^ UInt64(crc)
        crc = table[7 << 8 | Int(word & 0xFF)] ^ table[6 << 8 | Int(word >> 8 & 0xFF)]
        crc ^= table[5 << 8 | Int(word >> 16 & 0xFF)] ^ table[4 << 8 | Int(word >> 24 & 0xFF)]
        crc ^= table[3 << 8 | Int(word >> 32 & 0xFF)] ^ table[2 << 8 | Int(word >> 40 & 0xFF)]
        crc ^= table[1 << 8 | Int(word >> 48 & 0xFF)] ^ table[Int(word >> 56)]
        position += 8
      }
      while position < bytes.count {
        crc = crc >> 8 ^ table[Int((crc ^ UInt32(bytes[position])) & 0xFF)]
        position += 1
      }
      return ~crc
    }
  }
}
